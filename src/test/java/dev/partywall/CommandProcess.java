package dev.partywall;

import dev.partywall.observability.log.LogLineParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Runs a command line in a separate process. */
final class CommandProcess {
  private CommandProcess() {}

  /** The exit status and the output of a process. */
  record ProcessExit(int status, String out, String err) {}

  /**
   * Runs a program to its end.
   *
   * @param folder receives the output
   * @param options the options of the JVM
   * @param variables the environment, without the AWS configuration of this machine
   */
  static ProcessExit run(
      Path folder,
      Class<?> main,
      List<String> options,
      Map<String, String> variables,
      String... arguments)
      throws IOException, InterruptedException {
    var command = ChildProcess.command(main, options, arguments);
    var out = folder.resolve("out").toFile();
    var err = folder.resolve("err").toFile();
    var builder = new ProcessBuilder(command).redirectOutput(out).redirectError(err);
    builder
        .environment()
        .keySet()
        .removeIf(variable -> variable.startsWith("PARTYWALL_") || variable.startsWith("AWS_"));
    builder.environment().put("AWS_EC2_METADATA_DISABLED", "true");
    builder.environment().put("AWS_CONFIG_FILE", folder.resolve("none").toString());
    builder.environment().putAll(variables);
    var status = status(builder.start());
    if (arguments.length == 0) { // before a failure, the service writes only log lines
      Files.readAllLines(out.toPath()).forEach(LogLineParser::parse);
    }
    return new ProcessExit(
        status,
        Files.readString(out.toPath(), StandardCharsets.UTF_8),
        Files.readString(err.toPath(), StandardCharsets.UTF_8));
  }

  /** A test that is interrupted ends the process. */
  private static int status(Process process) throws InterruptedException {
    try {
      return process.waitFor();
    } finally {
      process.destroyForcibly();
    }
  }
}
