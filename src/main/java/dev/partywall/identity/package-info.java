/**
 * Authentication: trusted issuers, their keys, token verification and scopes. Tokens are verified
 * only here. Later filters and handlers see a verified caller, or none on open routes.
 */
@NullMarked
package dev.partywall.identity;

import org.jspecify.annotations.NullMarked;
