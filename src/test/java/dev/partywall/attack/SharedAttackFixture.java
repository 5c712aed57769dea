package dev.partywall.attack;

import dev.partywall.local.LocalDynamo;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Provides the attack fixture that all tests of this JVM share. */
final class SharedAttackFixture implements ParameterResolver {
  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == AttackFixture.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    // Created first, so closed last.
    var dynamo = LocalDynamo.SharedLocalDynamo.in(context);
    return context
        .getRoot()
        .getStore(Namespace.create(SharedAttackFixture.class))
        .computeIfAbsent(AttackFixture.class, _ -> create(dynamo), AttackFixture.class);
  }

  private static AttackFixture create(LocalDynamo dynamo) {
    try {
      return new AttackFixture(dynamo);
    } catch (Exception e) {
      throw new IllegalStateException("the attack fixture failed to start", e);
    }
  }
}
