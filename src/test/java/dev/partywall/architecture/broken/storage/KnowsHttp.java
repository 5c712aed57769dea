package dev.partywall.architecture.broken.storage;

import dev.partywall.architecture.broken.http.HttpBreaks;

/** Knows more of HTTP than how to refuse. */
final class KnowsHttp {
  HttpBreaks http() {
    return new HttpBreaks();
  }
}
