package dev.partywall.attack;

import dev.partywall.local.LocalDynamo;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Provides the attack fixture that all tests of this JVM share. */
final class SharedHouse implements ParameterResolver {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == House.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    // Created first, so closed last.
    var dynamo = (LocalDynamo) new LocalDynamo.Shared().resolveParameter(parameter, context);
    return context
        .getRoot()
        .getStore(Namespace.create(SharedHouse.class))
        .computeIfAbsent(House.class, _ -> create(dynamo), House.class);
  }

  private static House create(LocalDynamo dynamo) {
    try {
      return new House(dynamo);
    } catch (Exception e) {
      throw new IllegalStateException("the attack fixture failed to start", e);
    }
  }
}
