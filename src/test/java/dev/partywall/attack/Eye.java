package dev.partywall.attack;

import dev.partywall.http.RawClient.Answer;
import dev.partywall.tenancy.TenantContext;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Executes attacks and checks the responses. */
record Eye(Canaries canaries, Findings findings) {
  private static final Pattern TENANT = Pattern.compile("\"tenant\":\"([^\"]*)\"");
  private static final Pattern INTERNALS =
      Pattern.compile("dev\\.partywall|software\\.amazon|java\\.|Exception|AccessDenied|arn:");

  /** Executes an attack over HTTP. */
  void tries(Trick attack, Scene scene, Phone client) {
    var request = attack.ask().apply(scene);
    var answer = client.ask(request);
    findings.tried(attack.kind(), String.valueOf(answer.status()));
    check(attack.kind(), attack.statuses(), scene.me(), request, answer);
  }

  /**
   * Checks a response: its status, and that it contains no other tenant's data and no internals.
   */
  void check(String kind, Set<Integer> statuses, Resident attacker, Ask request, Answer answer) {
    var where =
        kind + ", attacker " + attacker.name() + ": " + request.method() + " " + request.target();
    var text = String.join("\n", answer.header()) + "\n" + answer.text();
    var sent = request.target() + request.body();
    findings.seen(
        where,
        canaries.foreign(text, attacker.name()).stream()
            .filter(leak -> !sent.contains(leak))
            .toList());
    if (!statuses.contains(answer.status())) {
      findings.breach(where + " returned status " + answer.status() + ": " + answer.text());
    }
    if (TENANT
        .matcher(answer.text())
        .results()
        .anyMatch(match -> !match.group(1).equals(attacker.name()))) {
      findings.breach(where + " returned another tenant's data: " + answer.text());
    }
    if (answer.status() >= 400 && INTERNALS.matcher(answer.text()).find()) {
      findings.breach(where + " revealed internals: " + answer.text());
    }
  }

  /** Executes a DynamoDB call with the attacker's own client. */
  void pries(Prying call, Scene scene) {
    var client = scene.house().crowbar().whole();
    var outcome =
        TenantContext.call(
            scene.me().tenant(), () -> outcome(() -> call.call().apply(client, scene)));
    findings.tried("DynamoDB: " + call.kind(), outcome);
    if (!outcome.equals("AccessDeniedException")) {
      findings.breach(
          call.kind() + ", " + scene.me().name() + " on " + scene.them().name() + ": " + outcome);
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
