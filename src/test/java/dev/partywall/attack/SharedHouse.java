package dev.partywall.attack;

import dev.partywall.local.LocalDynamo;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Hands a test the house that all tests of this JVM break into. */
final class SharedHouse implements ParameterResolver {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == House.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    // First, so that it is closed last.
    var dynamo = (LocalDynamo) new LocalDynamo.Shared().resolveParameter(parameter, context);
    return context
        .getRoot()
        .getStore(Namespace.create(SharedHouse.class))
        .computeIfAbsent(House.class, _ -> built(dynamo), House.class);
  }

  private static House built(LocalDynamo dynamo) {
    try {
      return new House(dynamo);
    } catch (Exception e) {
      throw new IllegalStateException("the house did not come to stand", e);
    }
  }
}
