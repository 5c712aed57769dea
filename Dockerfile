# syntax=docker/dockerfile:1
# Any JDK 25 that is called so, and any base with glibc, will do: --build-arg JDK=… --build-arg BASE=…
ARG JDK=docker.io/library/eclipse-temurin:25-jdk
ARG BASE=gcr.io/distroless/base-debian12

FROM ${JDK} AS build
WORKDIR /src
# The dependencies change less often than the code, so they are a layer of their own.
COPY .mvn .mvn
COPY mvnw pom.xml ./
RUN ./mvnw -B -ntp -q -DskipTests dependency:go-offline
COPY src src
RUN ./mvnw -B -ntp -q -DskipTests package && mkdir /journal

# Only the modules that the service needs.
RUN jlink --output /opt/jre --strip-java-debug-attributes --no-header-files --no-man-pages --compress zip-6 \
    --add-modules java.base,java.logging,java.management,java.naming,java.net.http,java.security.jgss,java.xml,jdk.httpserver,jdk.management,jdk.net,jdk.unsupported

# The AOT cache belongs to this JVM and this jar, where they lie from now on: neither is changed after it.
RUN mkdir /opt/partywall && cp target/partywall.jar /opt/partywall/ && \
    ./mvnw -B -ntp -q -Ptraining -Dtraining.java=/opt/jre/bin/java \
      -Dtraining.jar=/opt/partywall/partywall.jar -Dtraining.cache=/opt/partywall/partywall.aot > /dev/null

FROM ${BASE}
COPY --from=build /opt/jre /opt/jre
COPY --from=build /opt/partywall /opt/partywall
# Usage waits here until it is in the ledger: mount a volume to keep it across containers.
COPY --from=build --chown=65532:65532 /journal /var/lib/partywall
USER 65532:65532
WORKDIR /var/lib/partywall
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["/opt/jre/bin/java", "-XX:TieredStopAtLevel=1", "-Xmx32m", "-XX:AOTCache=/opt/partywall/partywall.aot", "-jar", "/opt/partywall/partywall.jar", "health"]
# What the JVM itself has to say goes to standard error: standard output is JSON, line by line.
ENTRYPOINT ["/opt/jre/bin/java", "-Xlog:disable", "-Xlog:all=warning:stderr", "-XX:MaxRAMPercentage=75", "-XX:+ExitOnOutOfMemoryError", "-XX:AOTCache=/opt/partywall/partywall.aot", "-jar", "/opt/partywall/partywall.jar"]
