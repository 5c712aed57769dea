/**
 * The bound tenant's data in DynamoDB: a table that belongs to the tenant, wherever its placement
 * puts it.
 */
@NullMarked
package dev.partywall.storage;

import org.jspecify.annotations.NullMarked;
