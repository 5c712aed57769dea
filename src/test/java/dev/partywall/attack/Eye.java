package dev.partywall.attack;

import dev.partywall.http.RawClient.Answer;
import dev.partywall.tenancy.TenantContext;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/** Tries tricks, and looks at all that comes of them. */
record Eye(Canaries canaries, Findings findings) {
  private static final Pattern TENANT = Pattern.compile("\"tenant\":\"([^\"]*)\"");
  private static final Pattern INSIDES =
      Pattern.compile("dev\\.partywall|software\\.amazon|java\\.|Exception|AccessDenied|arn:");

  /** Tries it over HTTP. */
  void tries(Trick trick, Scene scene, Phone phone) {
    var ask = trick.ask().apply(scene);
    var answer = phone.ask(ask);
    findings.tried(trick.kind(), String.valueOf(answer.status()));
    check(trick.kind(), trick.statuses(), scene.me(), ask, answer);
  }

  /** Holds an answer to what may be in it. */
  void check(String kind, Set<Integer> statuses, Resident me, Ask ask, Answer answer) {
    var where = kind + ", tried by " + me.name() + ": " + ask.method() + " " + ask.target();
    var text = String.join("\n", answer.header()) + "\n" + answer.text();
    var said = ask.target() + ask.body();
    findings.seen(
        where,
        canaries.foreign(text, me.name()).stream().filter(it -> !said.contains(it)).toList());
    if (!statuses.contains(answer.status())) {
      findings.breach(where + " was answered " + answer.status() + ": " + answer.text());
    }
    if (TENANT.matcher(answer.text()).results().anyMatch(it -> !it.group(1).equals(me.name()))) {
      findings.breach(where + " is about another tenant: " + answer.text());
    }
    if (answer.status() >= 400 && INSIDES.matcher(answer.text()).find()) {
      findings.breach(where + " told: " + answer.text());
    }
  }

  /** Tries it by the tenant's own client. */
  void pries(Prying prying, Scene scene) {
    var client = scene.house().crowbar().whole();
    var outcome =
        TenantContext.call(
            scene.me().tenant(), () -> outcome(() -> prying.call().apply(client, scene)));
    findings.tried("wall: " + prying.kind(), outcome);
    if (!outcome.equals("AccessDeniedException")) {
      findings.breach(
          prying.kind() + ", " + scene.me().name() + " on " + scene.them().name() + ": " + outcome);
    }
  }

  /** How a call to AWS ends, in one word. */
  static String outcome(java.util.function.Supplier<Object> call) {
    try {
      return "passed: " + call.get();
    } catch (AwsServiceException e) {
      return e.awsErrorDetails().errorCode();
    } catch (RuntimeException e) {
      return e.toString();
    }
  }
}
