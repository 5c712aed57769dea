/** HTTP calls to other services. */
@NullMarked
package dev.partywall.http.client;

import org.jspecify.annotations.NullMarked;
