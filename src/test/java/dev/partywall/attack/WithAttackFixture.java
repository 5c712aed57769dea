package dev.partywall.attack;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * Provides the attack fixture. It is shared by all tests of this JVM, so a class uses it alone: its
 * clock advances, and its dependencies fail.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(SharedAttackFixture.class)
@ResourceLock("attack fixture")
@interface WithAttackFixture {}
