/** Features that depend on the tier and the overrides of the bound tenant, through OpenFeature. */
@NullMarked
package dev.partywall.tenancy.features;

import org.jspecify.annotations.NullMarked;
