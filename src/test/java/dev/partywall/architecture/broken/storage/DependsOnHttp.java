package dev.partywall.architecture.broken.storage;

import dev.partywall.architecture.broken.http.HttpViolation;

/** Depends on more of the HTTP package than its API errors. */
final class DependsOnHttp {
  HttpViolation http() {
    return new HttpViolation();
  }
}
