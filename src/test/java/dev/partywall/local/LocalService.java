package dev.partywall.local;

import java.nio.file.Path;
import java.util.List;

/**
 * The service that the local stack runs in a separate process.
 *
 * @param name the name of the service, which is part of its table's name
 * @param folder the absolute path of the folder for {@code local.env} and the journal
 * @param command the arguments of {@code java} that start the service, for example {@code -jar
 *     target/notes.jar}
 */
public record LocalService(String name, Path folder, List<String> command) {
  /** Copies the command. */
  public LocalService {
    command = List.copyOf(command);
  }

  /** Returns the service in the fat jar {@code folder/file}. */
  public static LocalService ofJar(String name, Path folder, String file) {
    var absolute = folder.toAbsolutePath();
    return new LocalService(name, absolute, List.of("-jar", absolute.resolve(file).toString()));
  }

  /** Returns the command as one line of a shell in the folder that contains {@link #folder}. */
  String commandLine() {
    var project = folder.getParent() + folder.getFileSystem().getSeparator();
    var line = new StringBuilder(ShellSyntax.word(ServiceProcess.javaExecutable()));
    command.forEach(
        argument -> line.append(' ').append(ShellSyntax.word(argument.replace(project, ""))));
    return line.toString();
  }
}
