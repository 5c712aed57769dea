/** The types that the author of a service implements or receives. */
@NullMarked
package dev.partywall.service;

import org.jspecify.annotations.NullMarked;
