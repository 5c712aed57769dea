/** The one place where things are wired. */
@NullMarked
package dev.partywall;

import org.jspecify.annotations.NullMarked;
