package dev.partywall.attack;

import dev.partywall.http.server.RawClient.RawResponse;
import dev.partywall.tenancy.TenantContext;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Executes attacks and checks the responses. */
record ResponseProbe(Canaries canaries, Findings findings) {
  private static final Pattern TENANT = Pattern.compile("\"tenant\":\"([^\"]*)\"");
  private static final Pattern INTERNALS =
      Pattern.compile("dev\\.partywall|software\\.amazon|java\\.|Exception|AccessDenied|arn:");

  /** Executes an attack over HTTP. */
  void execute(AttackCase attack, AttackScene scene, AttackHttpClient client) {
    var request = attack.request().apply(scene);
    var answer = client.send(request);
    findings.recordAttempt(attack.kind(), String.valueOf(answer.status()));
    check(attack.kind(), attack.statuses(), scene.attacker(), request, answer);
  }

  /**
   * Checks a response: its status, and that it contains no other tenant's data and no internals.
   */
  void check(
      String kind,
      Set<Integer> statuses,
      SeededTenant attacker,
      ApiRequest request,
      RawResponse answer) {
    var where =
        kind + ", attacker " + attacker.name() + ": " + request.method() + " " + request.target();
    var text = String.join("\n", answer.headerLines()) + "\n" + answer.text();
    var sent = request.target() + request.body();
    findings.reportLeaks(
        where,
        canaries.leaksIn(text, attacker.name()).stream()
            .filter(leak -> !sent.contains(leak))
            .toList());
    if (!statuses.contains(answer.status())) {
      findings.report(where + " returned status " + answer.status() + ": " + answer.text());
    }
    if (TENANT
        .matcher(answer.text())
        .results()
        .anyMatch(match -> !match.group(1).equals(attacker.name()))) {
      findings.report(where + " returned another tenant's data: " + answer.text());
    }
    if (answer.status() >= 400 && INTERNALS.matcher(answer.text()).find()) {
      findings.report(where + " revealed internals: " + answer.text());
    }
  }

  /** Executes a DynamoDB call with the attacker's own client. */
  void executeCall(CrossTenantCall call, AttackScene scene) {
    var client = scene.fixture().rawClient().unrestricted();
    var outcome =
        TenantContext.call(
            scene.attacker().asTenant(), () -> outcome(() -> call.call().apply(client, scene)));
    findings.recordAttempt("DynamoDB: " + call.kind(), outcome);
    if (!outcome.equals("AccessDeniedException")) {
      findings.report(
          call.kind()
              + ", "
              + scene.attacker().name()
              + " on "
              + scene.target().name()
              + ": "
              + outcome);
    }
  }

  /** Returns the error code of an AWS call, or a description of any other outcome. */
  static String outcome(java.util.function.Supplier<Object> call) {
    try {
      return "succeeded: " + call.get();
    } catch (AwsServiceException e) {
      return e.awsErrorDetails().errorCode();
    } catch (RuntimeException e) {
      return e.toString();
    }
  }
}
