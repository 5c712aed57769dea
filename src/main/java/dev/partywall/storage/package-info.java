/**
 * Storage of the bound tenant's data in DynamoDB. The tenant's placement determines table and
 * partition keys.
 */
@NullMarked
package dev.partywall.storage;

import org.jspecify.annotations.NullMarked;
