package dev.partywall.local;

import dev.partywall.json.Json;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.interfaces.EdECPrivateKey;
import java.util.Base64;

/** The key of the local stack that signs receipts of deleted tenants. It is new at each start. */
final class LocalReceiptKey {
  /** The name of the file in the build folder. */
  static final String FILE = "receipt-key.jwk";

  private LocalReceiptKey() {}

  /** Stores a new private key (RFC 8037, section 2), which only this user can read. */
  static Path store(Path folder) throws IOException {
    Files.createDirectories(folder);
    var file = folder.resolve(FILE);
    Files.deleteIfExists(file);
    return Files.write(Files.createFile(file, privateFile()), jwk());
  }

  private static FileAttribute<?>[] privateFile() {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  private static byte[] jwk() {
    var key = LocalKey.edwards("receipts", "Ed25519");
    var secret = ((EdECPrivateKey) key.keyPair().getPrivate()).getBytes().orElseThrow();
    return Json.write(out -> {
      out.writeStartObject();
      out.writeStringField("kty", "OKP");
      out.writeStringField("crv", "Ed25519");
      out.writeStringField("x", String.valueOf(key.jwk().get("x")));
      out.writeStringField("d", Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
      out.writeEndObject();
    });
  }
}
