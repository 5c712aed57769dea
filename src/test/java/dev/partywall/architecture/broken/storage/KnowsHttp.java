package dev.partywall.architecture.broken.storage;

import dev.partywall.architecture.broken.http.HttpBreaks;

/** Depends on more of the HTTP package than its API errors. */
final class KnowsHttp {
  HttpBreaks http() {
    return new HttpBreaks();
  }
}
