/** The commands that export the usage and compare it with the tenants' tables. */
@NullMarked
package dev.partywall.metering.commands;

import org.jspecify.annotations.NullMarked;
