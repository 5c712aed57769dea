package dev.partywall.local.aws.iam;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** All issued access keys. Any other key is unknown. */
public final class CredentialStore {
  private static final String ID_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final String SECRET_ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+";

  private final Map<String, IamCredentials> keys = new ConcurrentHashMap<>();
  private final RandomGenerator random;

  /** Creates an empty store that generates keys from {@code random}. */
  public CredentialStore(RandomGenerator random) {
    this.random = random;
  }

  /** Adds a user's permanent key. */
  public void add(IamCredentials credentials) {
    if (keys.putIfAbsent(credentials.accessKeyId(), credentials) != null) {
      throw new IllegalArgumentException("Duplicate access key: " + credentials.accessKeyId());
    }
  }

  /** Issues a temporary key. */
  public IamCredentials issue(IamPrincipal identity, Instant expiration) {
    var issued =
        new IamCredentials(
            "ASIA" + randomText(16, ID_ALPHABET),
            randomText(40, SECRET_ALPHABET),
            Optional.of(randomText(356, SECRET_ALPHABET)),
            Optional.of(expiration),
            identity);
    add(issued);
    return issued;
  }

  /** Returns the credentials of an access key. */
  public Optional<IamCredentials> find(String accessKeyId) {
    return Optional.ofNullable(keys.get(accessKeyId));
  }

  /** Returns the credentials of all principals with a tag of this value. */
  public List<IamCredentials> tagged(String tag, String value) {
    return keys.values().stream()
        .filter(issued -> value.equals(issued.principal().tags().get(tag)))
        .toList();
  }

  /** Expires a temporary key now. */
  public void expire(String accessKeyId) {
    keys.computeIfPresent(accessKeyId, (_, key) -> key.withExpiration(Instant.EPOCH));
  }

  /** Expires every temporary key now. */
  public void expireAll() {
    keys.replaceAll(
        (_, key) -> key.expiration().isEmpty() ? key : key.withExpiration(Instant.EPOCH));
  }

  private String randomText(int length, String alphabet) {
    return random
        .ints(length, 0, alphabet.length())
        .mapToObj(i -> alphabet.substring(i, i + 1))
        .collect(Collectors.joining());
  }
}
