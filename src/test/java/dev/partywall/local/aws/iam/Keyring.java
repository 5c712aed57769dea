package dev.partywall.local.aws.iam;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/** Every key that this AWS has given out. A key that is not on it is nobody's. */
public final class Keyring {
  private static final String ID_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  private static final String SECRET_LETTERS =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+";

  private final Map<String, Credentials> keys = new ConcurrentHashMap<>();
  private final RandomGenerator random;

  /** An empty one, which draws its keys from there. */
  public Keyring(RandomGenerator random) {
    this.random = random;
  }

  /** Takes a user's own key in. */
  public void add(Credentials credentials) {
    if (keys.putIfAbsent(credentials.accessKeyId(), credentials) != null) {
      throw new IllegalArgumentException("given twice: " + credentials.accessKeyId());
    }
  }

  /** Gives a temporary key out. */
  public Credentials issue(Identity identity, Instant expiration) {
    var issued =
        new Credentials(
            "ASIA" + draw(16, ID_LETTERS),
            draw(40, SECRET_LETTERS),
            Optional.of(draw(356, SECRET_LETTERS)),
            Optional.of(expiration),
            identity);
    add(issued);
    return issued;
  }

  /** Whose key that is. */
  public Optional<Credentials> find(String accessKeyId) {
    return Optional.ofNullable(keys.get(accessKeyId));
  }

  /** Ends a temporary key now, as its expiry would. */
  public void expire(String accessKeyId) {
    keys.computeIfPresent(accessKeyId, (_, key) -> key.endingAt(Instant.EPOCH));
  }

  /** Ends every temporary key now. */
  public void expireAll() {
    keys.replaceAll((_, key) -> key.expiration().isEmpty() ? key : key.endingAt(Instant.EPOCH));
  }

  private String draw(int length, String letters) {
    return random
        .ints(length, 0, letters.length())
        .mapToObj(i -> letters.substring(i, i + 1))
        .collect(Collectors.joining());
  }
}
