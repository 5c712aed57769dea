# syntax=docker/dockerfile:1
# Supports any JDK 25 image and any base image with glibc: --build-arg JDK=… --build-arg BASE=…
ARG JDK=docker.io/library/eclipse-temurin:25-jdk
ARG BASE=gcr.io/distroless/base-debian12

FROM ${JDK} AS build
WORKDIR /src
# A separate layer for the dependencies, because they change less often than the code.
COPY .mvn .mvn
COPY mvnw pom.xml ./
RUN ./mvnw -B -ntp -q -DskipTests dependency:go-offline
COPY src src
RUN ./mvnw -B -ntp -q -DskipTests package && mkdir /journal

# A runtime with only the required modules.
RUN jlink --output /opt/jre --strip-java-debug-attributes --no-header-files --no-man-pages --compress zip-6 \
    --add-modules java.base,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.xml,jdk.httpserver,jdk.management,jdk.net,jdk.unsupported

# The AOT cache is valid only for this JVM and this jar at these paths. Later steps must not change either.
# The JVM compares the jar's time of modification, which some builders round when they copy it: set a whole second.
RUN mkdir /opt/partywall && cp target/partywall.jar /opt/partywall/ && \
    touch -d "@$(date +%s)" /opt/partywall/partywall.jar && \
    ./mvnw -B -ntp -q -Ptraining -Dtraining.java=/opt/jre/bin/java \
      -Dtraining.jar=/opt/partywall/partywall.jar -Dtraining.cache=/opt/partywall/partywall.aot > /dev/null

FROM ${BASE}
COPY --from=build /opt/jre /opt/jre
COPY --from=build /opt/partywall /opt/partywall
# The journal of usage that is not in the ledger yet. Mount a volume to keep it across containers.
COPY --from=build --chown=65532:65532 /journal /var/lib/partywall
USER 65532:65532
WORKDIR /var/lib/partywall
# Probes and scrapers reach the management port from outside the container. It accepts only known hosts.
ENV PARTYWALL_MANAGEMENT_HOST=0.0.0.0
EXPOSE 8080 9090
# Fails the build if the JVM does not accept the cache.
RUN ["/opt/jre/bin/java", "-XX:-UsePerfData", "-XX:AOTMode=on", "-XX:AOTCache=/opt/partywall/partywall.aot", "-jar", "/opt/partywall/partywall.jar", "--version"]
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["/opt/jre/bin/java", "-XX:TieredStopAtLevel=1", "-Xmx32m", "-XX:AOTCache=/opt/partywall/partywall.aot", "-jar", "/opt/partywall/partywall.jar", "health"]
# JVM messages go to standard error, because standard output contains only JSON lines.
ENTRYPOINT ["/opt/jre/bin/java", "-Xlog:disable", "-Xlog:all=warning:stderr", "-XX:MaxRAMPercentage=75", "-XX:+ExitOnOutOfMemoryError", "-XX:+DisplayVMOutputToStderr", "-XX:AOTCache=/opt/partywall/partywall.aot", "-jar", "/opt/partywall/partywall.jar"]
