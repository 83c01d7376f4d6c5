package org.chaincore.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A client in a module of its own sees the packages that are exported and nothing else. It is
 * compiled by the JDK's compiler against the modules as a host gets them.
 */
@Timeout(120)
class ModuleClientTest {
  /** What a host has on its module path; the rest of this class path is of tests and programs. */
  private static final Pattern OF_A_HOST =
      Pattern.compile(
          ".*/(chaincore-(core|sync|store|net)(/target/classes|-[^/]*(?<!-tests)\\.jar)"
              + "|(guava|failureaccess|jspecify|bc(prov|pkix|util)|slf4j-api|netty|jackson|rocksdbjni)"
              + "[^/]*\\.jar)");

  private static final Pattern NOT_VISIBLE = Pattern.compile("package (\\S+) is not visible");

  private static final List<String> OURS =
      List.of(
          "org.chaincore.core", "org.chaincore.sync", "org.chaincore.store", "org.chaincore.net");

  @TempDir private Path directory;
  private String modulePath = "";
  private ModuleFinder modules = ModuleFinder.of();

  @BeforeEach
  void findModules() {
    List<String> paths =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(path -> OF_A_HOST.matcher(path.replace('\\', '/')).matches())
            .toList();
    modulePath = String.join(File.pathSeparator, paths);
    modules = ModuleFinder.of(paths.stream().map(Path::of).toArray(Path[]::new));
    assumeTrue(
        modules.find("org.chaincore.net").isPresent(), "the modules are not on this class path");
  }

  /** What the compiler says of a client, nothing if it likes it. */
  private String compile(String requires, String source) throws IOException {
    Path sources = Files.createDirectories(directory.resolve("host"));
    Path module = directory.resolve("module-info.java");
    Path client = sources.resolve("Client.java");
    Files.writeString(module, "module host { " + requires + " }\n");
    Files.writeString(client, "package host;\n" + source);
    StringWriter said = new StringWriter();
    PrintWriter out = new PrintWriter(said);
    ToolProvider.findFirst("javac")
        .orElseThrow()
        .run(
            out,
            out,
            List.of(
                    "-Xlint:all,-requires-automatic,-requires-transitive-automatic",
                    "-proc:none",
                    "--release=17",
                    "--module-path=" + modulePath,
                    "-d",
                    directory.resolve("classes").toString(),
                    module.toString(),
                    client.toString())
                .toArray(new String[0]));
    return said.toString();
  }

  /** The packages that the compiler does not let a client import from. */
  private Set<String> refused(String requires, Iterable<String> types) throws IOException {
    StringBuilder source = new StringBuilder();
    types.forEach(type -> source.append("import ").append(type).append(";\n"));
    Matcher refusal = NOT_VISIBLE.matcher(compile(requires, source + "class Client {}\n"));
    Set<String> refused = new TreeSet<>();
    while (refusal.find()) {
      refused.add(refusal.group(1));
    }
    return refused;
  }

  private Set<String> hiddenPackages(String module) {
    ModuleReference reference = modules.find(module).orElseThrow();
    Set<String> hidden = new TreeSet<>(reference.descriptor().packages());
    reference.descriptor().exports().forEach(exported -> hidden.remove(exported.source()));
    return hidden;
  }

  /** Any class of a package, which need not be public. */
  private String typeIn(String module, String name) throws IOException {
    String folder = name.replace('.', '/') + "/";
    try (var reader = modules.find(module).orElseThrow().open()) {
      return reader
          .list()
          .filter(path -> path.startsWith(folder) && path.endsWith(".class"))
          .map(path -> path.substring(folder.length(), path.length() - ".class".length()))
          .filter(type -> type.indexOf('/') < 0 && type.indexOf('$') < 0)
          .filter(type -> !type.equals("package-info"))
          .map(type -> name + "." + type)
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void client_thatRequiresNet_hasAllThatANodeNeeds() throws IOException {
    String said =
        compile(
            "requires org.chaincore.net;",
            """
            import org.chaincore.core.config.Networks;
            import org.chaincore.core.event.ChainEvent;
            import org.chaincore.core.script.KeyPair;
            import org.chaincore.net.node.ChainNode;
            import org.chaincore.net.node.Payments;
            import org.chaincore.net.tls.MutualTls;
            import org.chaincore.sync.identity.NodeKey;
            import org.chaincore.sync.transport.Transport;

            final class Client {
              static void run(NodeKey key, Transport transport) {
                KeyPair me = KeyPair.ofSeed(new byte[32]);
                try (ChainNode node =
                    ChainNode.builder()
                        .network(Networks.regtest())
                        .key(key)
                        .transport(transport)
                        .tls(MutualTls.ofNode(key, id -> true))
                        .mineTo(me.payToTaproot())
                        .start()) {
                  node.events().listen(event -> System.out.println(told(event.event())));
                  Payments payments = Payments.by(me);
                  System.out.println(payments + node.status().why() + node.engine().view().tip());
                }
              }

              static boolean told(ChainEvent event) {
                return event instanceof ChainEvent.TipChanged change && change.isReorg();
              }
            }
            """);

    assertThat(said).isEmpty();
  }

  @Test
  void client_thatRequiresCoreAndSync_runsAProtocolWithoutNet() throws IOException {
    Path sources = Path.of("src/image/java/org/chaincore/examples/image/TwoInMemory.java");
    String requires = "requires org.chaincore.core; requires org.chaincore.sync;";

    String program = Files.readString(sources);
    assertThat(
            compile(
                requires,
                program
                    .replace("package org.chaincore.examples.image;", "")
                    .replace("TwoInMemory", "Client")))
        .isEmpty();
    assertThat(refused(requires, List.of("org.chaincore.net.node.ChainNode")))
        .containsExactly("org.chaincore.net.node");
  }

  @Test
  void client_ofAHiddenPackage_isRefused() throws IOException {
    Set<String> hidden = new TreeSet<>();
    List<String> types = new ArrayList<>();
    StringBuilder requires = new StringBuilder();
    for (String module : OURS) {
      requires.append("requires ").append(module).append("; ");
      for (String name : hiddenPackages(module)) {
        hidden.add(name);
        types.add(typeIn(module, name));
      }
    }
    types.add("org.chaincore.net.node.ChainNode");

    assertThat(hidden).contains("org.chaincore.net.netty", "org.chaincore.store.database");
    assertThat(refused(requires.toString(), types)).isEqualTo(hidden);
  }

  @Test
  void client_ofWhatTheModulesUseInside_isRefused() throws IOException {
    List<String> inside =
        List.of(
            "com.google.common.collect.ImmutableList",
            "org.bouncycastle.util.Arrays",
            "io.netty.channel.Channel",
            "com.fasterxml.jackson.databind.ObjectMapper",
            "org.slf4j.Logger");

    assertThat(refused("requires org.chaincore.net;", inside))
        .containsExactlyInAnyOrder(
            "com.google.common.collect",
            "org.bouncycastle.util",
            "io.netty.channel",
            "com.fasterxml.jackson.databind",
            "org.slf4j");
  }
}
