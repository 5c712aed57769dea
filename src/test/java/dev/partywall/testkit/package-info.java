/**
 * The test kit for authors of services: JUnit extensions that start a service against the enforcing
 * local stack ({@link dev.partywall.testkit.TestService}) and bind a tenant for tests of business
 * code ({@link dev.partywall.testkit.BoundTenant}), and a check that one tenant never gets data of
 * another ({@link dev.partywall.testkit.IsolationCheck}).
 */
@NullMarked
package dev.partywall.testkit;

import org.jspecify.annotations.NullMarked;
