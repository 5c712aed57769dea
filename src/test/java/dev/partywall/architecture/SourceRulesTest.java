package dev.partywall.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SourceRulesTest {
  @TempDir Path folder;
  private Path small;
  private Path large;

  @BeforeEach
  void createFolders() throws IOException {
    small = Files.createDirectory(folder.resolve("small"));
    large = Files.createDirectory(folder.resolve("large"));
    for (var i = 0; i < 30; i++) {
      Files.writeString(small.resolve("Small" + i + ".java"), "");
      Files.writeString(large.resolve("Large" + i + ".java"), "");
    }
  }

  @Test
  void detectsAPackageOf31Files() throws IOException {
    Files.writeString(small.resolve("package-info.java"), "");
    Files.writeString(small.resolve("text.txt"), "");
    assertEquals(List.of(), SourceRules.largePackages(folder));
    Files.writeString(large.resolve("Another.java"), "");
    assertEquals(List.of("large has 31 files"), SourceRules.largePackages(folder));
  }

  @Test
  void detectsAFileOf301Lines() throws IOException {
    Files.writeString(small.resolve("Small0.java"), "\n".repeat(300));
    assertEquals(List.of(), SourceRules.longFiles(folder));
    Files.writeString(small.resolve("Small0.java"), "\n".repeat(301));
    assertEquals(List.of("small/Small0.java"), SourceRules.longFiles(folder));
  }

  @Test
  void detectsTheWordTenant() throws IOException {
    Files.writeString(small.resolve("Small0.java"), "private final TenantTable table;");
    assertEquals(List.of(), SourceRules.filesThatMentionTenants(folder));
    Files.writeString(small.resolve("Small0.java"), "// of the Tenant");
    assertEquals(List.of("small/Small0.java"), SourceRules.filesThatMentionTenants(folder));
  }
}
