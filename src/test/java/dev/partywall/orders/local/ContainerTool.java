package dev.partywall.orders.local;

import com.fasterxml.jackson.databind.JsonNode;
import dev.partywall.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** The commands of a program that builds images and runs containers in the network of the host. */
sealed interface ContainerTool {
  /** The name of the image and of the container. */
  String NAME = "partywall-image-run";

  /**
   * The configuration of an image.
   *
   * @param healthCommand the command of its HEALTHCHECK
   */
  record ImageConfig(
      String user, List<String> environment, List<String> entrypoint, List<String> healthCommand) {
    static ImageConfig of(JsonNode node) {
      var health = texts(node.at("/Healthcheck/Test"));
      return new ImageConfig(
          node.path("User").asText(),
          texts(node.path("Env")),
          texts(node.path("Entrypoint")),
          health.subList(Math.min(1, health.size()), health.size())); // after CMD
    }

    private static List<String> texts(JsonNode array) {
      return StreamSupport.stream(array.spliterator(), false).map(JsonNode::asText).toList();
    }
  }

  /** Returns Docker if it is installed and its daemon runs, otherwise buildah. */
  static ContainerTool installed() throws IOException, InterruptedException {
    try {
      var docker = new ProcessBuilder("docker", "info").redirectErrorStream(true).start();
      docker.getInputStream().readAllBytes();
      return docker.waitFor() == 0 ? new Docker() : new Buildah();
    } catch (IOException _) { // not installed
      return new Buildah();
    }
  }

  /**
   * Builds the image and creates what a run needs.
   *
   * @param options further options of the build
   */
  void build(Path project, List<String> options) throws IOException, InterruptedException;

  /** Returns the configuration of the built image. */
  ImageConfig config() throws IOException, InterruptedException;

  /** Returns the command that runs the image's entry point in the foreground. */
  List<String> run(ImageConfig config, Map<String, String> environment);

  /** Returns the command that runs a command in the running container. */
  List<String> execute(List<String> command, Map<String, String> environment);

  /** Returns the process of the service, if the host can see it. */
  Optional<ProcessHandle> service(Process running);

  /** Sends SIGTERM to the service. */
  void terminate(Process running);

  /** Docker; the daemon must run on this machine. */
  record Docker() implements ContainerTool {
    @Override
    public void build(Path project, List<String> options) throws IOException, InterruptedException {
      var command = new ArrayList<>(List.of("docker", "build", "--tag", NAME));
      command.addAll(options);
      command.add(project.toString());
      require(command);
    }

    @Override
    public ImageConfig config() throws IOException, InterruptedException {
      return ImageConfig.of(
          json("docker", "image", "inspect", "--format", "{{json .Config}}", NAME));
    }

    @Override
    public List<String> run(ImageConfig config, Map<String, String> environment) {
      var command =
          new ArrayList<>(List.of("docker", "run", "--rm", "--network=host", "--name=" + NAME));
      environment.forEach((name, value) -> command.add("--env=" + name + "=" + value));
      command.add(NAME);
      return command;
    }

    @Override
    public List<String> execute(List<String> command, Map<String, String> environment) {
      var all = new ArrayList<>(List.of("docker", "exec", NAME));
      all.addAll(command);
      return all;
    }

    @Override
    public Optional<ProcessHandle> service(Process running) {
      return Optional.empty(); // a child of the daemon, possibly in a virtual machine
    }

    /** The client forwards the signal to the container. */
    @Override
    public void terminate(Process running) {
      running.destroy();
    }
  }

  /**
   * Buildah, which needs no daemon and, with this isolation, no permission to create namespaces.
   */
  record Buildah() implements ContainerTool {
    private static final List<String> TOOL = List.of("buildah", "--storage-driver=vfs");
    private static final String ISOLATION = "--isolation=chroot";

    @Override
    public void build(Path project, List<String> options) throws IOException, InterruptedException {
      // The OCI format has no HEALTHCHECK.
      var command =
          new ArrayList<>(tool("build", ISOLATION, "--layers", "--format=docker", "--tag=" + NAME));
      command.addAll(options);
      command.add(project.toString());
      require(command);
      new ProcessBuilder(tool("rm", NAME)).start().waitFor(); // of an earlier run
      require(tool("from", "--pull=never", "--name=" + NAME, "localhost/" + NAME));
    }

    @Override
    public ImageConfig config() throws IOException, InterruptedException {
      var command = tool("inspect", "--type=image", NAME);
      return ImageConfig.of(json(command.toArray(String[]::new)).at("/Docker/config"));
    }

    @Override
    public List<String> run(ImageConfig config, Map<String, String> environment) {
      return execute(config.entrypoint(), environment);
    }

    @Override
    public List<String> execute(List<String> command, Map<String, String> environment) {
      var all = new ArrayList<>(tool("run", ISOLATION));
      environment.forEach((name, value) -> all.add("--env=" + name + "=" + value));
      all.addAll(List.of(NAME, "--"));
      all.addAll(command);
      return all;
    }

    @Override
    public Optional<ProcessHandle> service(Process running) {
      return running
          .descendants()
          .filter(process -> process.info().command().orElse("").endsWith("/opt/jre/bin/java"))
          .findFirst();
    }

    @Override
    public void terminate(Process running) {
      service(running).ifPresent(ProcessHandle::destroy);
    }

    private static List<String> tool(String... arguments) {
      var command = new ArrayList<>(TOOL);
      command.addAll(List.of(arguments));
      return command;
    }
  }

  private static void require(List<String> command) throws IOException, InterruptedException {
    var status = new ProcessBuilder(command).inheritIO().start().waitFor();
    if (status != 0) {
      throw new IOException("Exit code " + status + ": " + String.join(" ", command));
    }
  }

  private static JsonNode json(String... command) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("No configuration: " + output);
    }
    return Json.parse(output.strip().getBytes(StandardCharsets.UTF_8));
  }
}
