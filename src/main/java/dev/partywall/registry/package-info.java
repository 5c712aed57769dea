/** The registry of tenants in DynamoDB: records, the log of their changes, and instances. */
@NullMarked
package dev.partywall.registry;

import org.jspecify.annotations.NullMarked;
