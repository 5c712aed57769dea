package dev.partywall.runtime;

import dev.partywall.PartywallProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Instances of the service in processes that a test kills, pauses and starts again. */
final class ServiceProcesses implements AutoCloseable {
  private final List<Map<String, String>> environments;
  private final AtomicReferenceArray<PartywallProcess> running;
  private final Queue<PartywallProcess> ended = new ConcurrentLinkedQueue<>();

  /**
   * Starts an instance per environment. A later start has the same environment, so it finds the
   * journal directory of its predecessor.
   */
  ServiceProcesses(List<Map<String, String>> environments) throws Exception {
    this.environments = List.copyOf(environments);
    this.running = new AtomicReferenceArray<>(environments.size());
    for (var i = 0; i < environments.size(); i++) {
      running.set(i, new PartywallProcess(environments.get(i)));
    }
    for (var i = 0; i < environments.size(); i++) {
      running.get(i).awaitReady();
    }
  }

  int count() {
    return environments.size();
  }

  int port(int instance) {
    return running.get(instance).port();
  }

  int managementPort(int instance) {
    return running.get(instance).managementPort();
  }

  /** Sends SIGKILL to an instance, and starts it again without waiting until it is ready. */
  void killAndStart(int instance) throws IOException {
    var killed = running.get(instance);
    killed.kill();
    ended.add(killed);
    running.set(instance, new PartywallProcess(environments.get(instance)));
  }

  /** Stops an instance by SIGSTOP, and lets it continue after that time. */
  void pause(int instance, Duration duration) throws IOException, InterruptedException {
    var pid = running.get(instance).pid();
    signal("-STOP", pid);
    try {
      TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    } finally {
      signal("-CONT", pid);
    }
  }

  private static void signal(String name, long pid) throws IOException, InterruptedException {
    var status = new ProcessBuilder("kill", name, Long.toString(pid)).start().waitFor();
    if (status != 0) {
      throw new IOException("kill " + name + " ends with " + status);
    }
  }

  /** Returns the lines of the running process of an instance until now. */
  List<String> lines(int instance) {
    return running.get(instance).out();
  }

  /** Returns the lines of all processes until now, the ended ones included. */
  List<String> lines() {
    return Stream.concat(ended.stream(), IntStream.range(0, count()).mapToObj(running::get))
        .flatMap(process -> process.out().stream())
        .toList();
  }

  @Override
  public void close() {
    IntStream.range(0, count()).mapToObj(running::get).forEach(PartywallProcess::close);
  }
}
