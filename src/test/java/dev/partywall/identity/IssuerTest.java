package dev.partywall.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.partywall.identity.Issuer.Callers;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IssuerTest {
  @ParameterizedTest
  @CsvSource({
    "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abc,"
        + "https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_abc/.well-known/openid-configuration",
    "https://example.eu.auth0.com/, https://example.eu.auth0.com/.well-known/openid-configuration",
    "http://127.0.0.1:9000, http://127.0.0.1:9000/.well-known/openid-configuration",
    "http://localhost:9000, http://localhost:9000/.well-known/openid-configuration",
    "http://[::1]:9000, http://[::1]:9000/.well-known/openid-configuration",
  })
  void derivesTheDiscoveryUrlFromTheName(String name, URI discovery) {
    assertEquals(discovery, new Issuer(name, Callers.TENANT_USERS).discoveryUri());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "example.com", "http://example.com", "http://127.0.0.1.example.com",
        "http://localhost.example.com", "ftp://127.0.0.1", "https:///x", "https://e.com/?a=b",
        "https://e.com/#a", "https://user@e.com", "https://e.com/ x", "http://192.168.0.1"
      })
  void rejectsInvalidIssuerUrlsAndNamesThem(String name) {
    var error =
        assertThrows(IllegalArgumentException.class, () -> new Issuer(name, Callers.TENANT_USERS));
    assertTrue(String.valueOf(error.getMessage()).endsWith(": " + name), error::getMessage);
  }

  @Test
  void allowsKeysOnLoopbackOnlyForALoopbackIssuer() {
    var loopback = URI.create("http://127.0.0.1:9000/keys");
    assertTrue(new Issuer("http://localhost:1", Callers.TENANT_USERS).allowsKeysAt(loopback));
    assertFalse(new Issuer("https://e.com", Callers.TENANT_USERS).allowsKeysAt(loopback));
    assertTrue(
        new Issuer("https://e.com", Callers.TENANT_USERS)
            .allowsKeysAt(URI.create("https://keys.e.com/?v=1")));
  }
}
