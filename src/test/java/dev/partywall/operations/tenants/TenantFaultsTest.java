package dev.partywall.operations.tenants;

import static dev.partywall.operations.tenants.TenantsFixture.ACME;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.partywall.local.LocalDynamo;
import java.io.IOException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests the validation of requests that register or change a tenant. */
@ExtendWith(LocalDynamo.SharedLocalDynamo.class)
class TenantFaultsTest {
  private static TenantsFixture tenants;

  @BeforeAll
  static void start(LocalDynamo dynamo) throws IOException {
    tenants = new TenantsFixture(dynamo);
    assertEquals(201, tenants.post(ACME).status());
  }

  @AfterAll
  static void stop() throws IOException {
    tenants.close();
  }

  @Test
  void reportsAllFaultsAtOnce() {
    var issuers =
        TenantsFixture.ISSUERS.stream().collect(Collectors.joining("\",\"", "[\"", "\"]"));
    var response =
        tenants.post(
            """
            {"id":"Acme","name":"","tier":"gold","placement":{"kind":"silo","shards":2},
             "overrides":{"weight":"unlimited","requestsPerSecond":0,"burst":1000001,
               "inFlight":"none","monthlyRequests":1.5,
               "features":{"order-notes":"on","teleport":true}},
             "issuers":%s}
            """
                .formatted(issuers));
    assertEquals(422, response.status());
    assertEquals("invalid-body", response.problem());
    assertEquals(
        """
        /id: must be a lower-case letter or digit, then up to 62 of those or hyphens
        /issuers: must be an array of at most 10 issuers
        /name: must have 1 to 200 characters
        /overrides/burst: must be from 1 to 1000000
        /overrides/features/order-notes: must be true or false
        /overrides/features/teleport: is unknown; known: order-export, order-notes
        /overrides/inFlight: must be an integer or the text unlimited
        /overrides/monthlyRequests: must be an integer, written without fraction or exponent
        /overrides/requestsPerSecond: must be from 1 to 1000000
        /overrides/weight: must be an integer, written without fraction or exponent
        /placement/shards: is permitted only for the kind pool
        /tier: must be one of dedicated, free, premium, wide\
        """,
        response.faults());
    assertEquals("", tenants.audited("/tenants"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "[]                    | ': must be an object'",
        "{}                    | '/name: is required\n/tier: is required'",
        "{@,\"id\":1}          | /id: must be a lower-case letter or digit, then up to 62 of those or hyphens",
        "{@,\"placement\":{}}  | /placement/kind: must be pool or silo",
        "{@,\"placement\":\"pool\"} | /placement: must be an object",
        "{@,\"placement\":{\"kind\":\"pool\",\"shards\":0}}  | /placement/shards: must be from 1 to 16",
        "{@,\"placement\":{\"kind\":\"pool\",\"shards\":17}} | /placement/shards: must be from 1 to 16",
        "{@,\"overrides\":null} | /overrides: must be an object",
        "{@,\"overrides\":{\"weight\":101}} | /overrides/weight: must be from 1 to 100",
        "{@,\"overrides\":{\"inFlight\":1000001}} | /overrides/inFlight: must be from 1 to 1000000",
        "{@,\"overrides\":{\"monthlyRequests\":1000000000001}} | /overrides/monthlyRequests: must be from 1 to 1000000000000",
        "{@,\"overrides\":{\"burst\":\"unlimited\"}} | /overrides/burst: can be unlimited only if requestsPerSecond is unlimited",
        "{@,\"overrides\":{\"burst\":\"unlimited\",\"requestsPerSecond\":5}} | /overrides/burst: can be unlimited only if requestsPerSecond is unlimited",
        "{@,\"overrides\":{\"features\":[]}} | /overrides/features: must be an object",
        "{@,\"issuers\":\"https://idp0.example\"} | /issuers: must be an array of at most 10 issuers",
        "{@,\"issuers\":[\"https://idp0.example/\"]} | '/issuers/0: must be a trusted issuer of tenants'' tokens'",
        "{@,\"issuers\":[\"https://idp0.example\",\"https://idp0.example\",7]} | '/issuers/1: must not be repeated\n/issuers/2: must be a trusted issuer of tenants'' tokens'",
      })
  void rejectsInvalidContent(String body, String faults) {
    var response = tenants.post(body.replace("@", "\"name\":\"N\",\"tier\":\"free\""));
    assertEquals(422, response.status());
    assertEquals(faults, response.faults());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "\"status\":\"active\"               | /status",
        "\"placement\":{\"kind\":\"pool\",\"shard\":2} | /placement/shard",
        "\"overrides\":{\"rate\":1}          | /overrides/rate",
      })
  void rejectsAnUnknownField(String member, String pointer) {
    var response = tenants.register("globex", member);
    assertEquals(400, response.status());
    assertEquals("The field " + pointer + " is unknown.", response.detail());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "{\"note\":1,\"name\":7}             | /note",
        "{\"note\":null}                    | /note",
        "{\"placement\":{\"kind\":\"pool\",\"size\":1}} | /placement/size",
        "{\"overrides\":{\"rate\":1}}        | /overrides/rate",
        "{\"overrides\":{\"rate\":null}}     | /overrides/rate",
      })
  void rejectsAPatchWithAnUnknownField(String patch, String pointer) {
    var before = tenants.get("/tenants/acme");
    var response = tenants.patch("acme", "\"1\"", patch);
    assertEquals(400, response.status());
    assertEquals("The field " + pointer + " is unknown.", response.detail());
    assertEquals(before.text(), tenants.get("/tenants/acme").text());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "[]                                 | ': must be an object'",
        "null                               | ': must be an object'",
        "{\"name\":null,\"tier\":null}      | '/name: is required\n/tier: is required'",
        "{\"name\":7,\"tier\":\"gold\"}     | '/name: must be a string\n/tier: must be one of dedicated, free, premium, wide'",
        "{\"id\":\"acme\",\"version\":1}    | '/id: cannot be changed\n/version: cannot be changed'",
        "{\"createdAt\":null,\"updatedAt\":null} | '/createdAt: cannot be changed\n/updatedAt: cannot be changed'",
        "{\"incarnation\":2}               | /incarnation: cannot be changed",
        "{\"operation\":{}}                 | /operation: must be null",
        "{\"status\":null}                  | /status: must be active or suspended",
        "{\"status\":\"offboarding\"}       | /status: must be active or suspended",
        "{\"status\":\"Active\"}            | /status: must be active or suspended",
        "{\"placement\":null}               | /placement: must be an object",
        "{\"placement\":{\"shards\":2}}     | /placement/kind: must be pool or silo",
        "{\"placement\":{\"kind\":\"pool\",\"shards\":2}} | '/placement: cannot be changed, because tenants cannot be moved yet'",
        "{\"placement\":{\"kind\":\"silo\"}} | '/placement: cannot be changed, because tenants cannot be moved yet'",
        "{\"placement\":{\"kind\":\"pool\"},\"status\":\"active\"} | /placement: must not be changed together with the status",
        "{\"overrides\":7}                  | /overrides: must be an object",
        "{\"overrides\":{\"features\":{\"teleport\":true}}} | '/overrides/features/teleport: is unknown; known: order-export, order-notes'",
        "{\"overrides\":{\"burst\":\"unlimited\"}} | /overrides/burst: can be unlimited only if requestsPerSecond is unlimited",
        "{\"issuers\":[\"https://evil.example\"]} | '/issuers/0: must be a trusted issuer of tenants'' tokens'",
      })
  void rejectsAnInvalidPatchWithAllFaults(String patch, String faults) {
    var before = tenants.get("/tenants/acme");
    var response = tenants.patch("acme", "\"1\"", patch);
    assertEquals(422, response.status());
    assertEquals("invalid-body", response.problem());
    assertEquals(faults, response.faults());
    assertEquals(before.text(), tenants.get("/tenants/acme").text());
  }
}
