/**
 * Who is asking: trusted issuers and their keys, tokens and what has to hold for one, rights. A
 * token is judged here, and only here; what stands behind sees a verified caller or nobody.
 */
@NullMarked
package dev.partywall.identity;

import org.jspecify.annotations.NullMarked;
