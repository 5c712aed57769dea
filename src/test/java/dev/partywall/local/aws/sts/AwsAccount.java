package dev.partywall.local.aws.sts;

import dev.partywall.local.aws.iam.CredentialStore;
import dev.partywall.local.aws.iam.IamCredentials;
import dev.partywall.local.aws.iam.IamPolicy;
import dev.partywall.local.aws.iam.IamPrincipal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The users and roles of one account. */
public final class AwsAccount {
  private final String id;
  private final Map<String, Role> roles = new HashMap<>();

  /**
   * Creates an account with these users and roles, and adds the users' keys to the credential
   * store.
   */
  public AwsAccount(String id, List<User> users, List<Role> roles, CredentialStore keyring) {
    this.id = id;
    users.forEach(user -> keyring.add(key(user)));
    roles.forEach(role -> this.roles.put(arn(role), role));
  }

  /** Returns a role by ARN. */
  public Optional<Role> role(String arn) {
    return Optional.ofNullable(roles.get(arn));
  }

  /** Returns a role by name. */
  public Optional<Role> roleNamed(String name) {
    return role("arn:aws:iam::" + id + ":role/" + name);
  }

  /** Returns the principal of a role session that begins at {@code issuedAt}. */
  public IamPrincipal sessionPrincipal(
      Role role,
      String name,
      Map<String, String> tags,
      Optional<IamPolicy> policy,
      Instant issuedAt) {
    // The keys of tags are case-insensitive: a session tag replaces the role's tag.
    var all = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(role.tags());
    all.putAll(tags);
    return new IamPrincipal(
        "arn:aws:sts::" + id + ":assumed-role/" + role.name() + "/" + name,
        arn(role),
        roleId(role) + ":" + name,
        Map.copyOf(all),
        role.policies(),
        policy,
        Optional.of(issuedAt));
  }

  String arn(Role role) {
    return "arn:aws:iam::" + id + ":role/" + role.name();
  }

  private static String roleId(Role role) {
    return uniqueId("AROA", role.name());
  }

  private IamCredentials key(User user) {
    var arn = "arn:aws:iam::" + id + ":user/" + user.name();
    var identity =
        new IamPrincipal(
            arn,
            arn,
            uniqueId("AIDA", user.name()),
            Map.of(),
            user.policies(),
            Optional.empty(),
            Optional.empty());
    return IamCredentials.permanent(user.accessKeyId(), user.secretAccessKey(), identity);
  }

  /** Derives an id from the name, so it stays the same after a restart. */
  private static String uniqueId(String prefix, String name) {
    var digits = new BigInteger(1, name.getBytes(StandardCharsets.UTF_8)).pow(3).toString(36);
    return prefix + (digits + "A".repeat(17)).substring(0, 17).toUpperCase(Locale.ROOT);
  }
}
