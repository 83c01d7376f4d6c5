package org.chaincore.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What README says is so: its snippet runs, and its links lead somewhere. */
@Timeout(90)
class ReadmeTest {
  private static final Path ROOT = Path.of("..");
  private static final List<String> SOURCES =
      List.of(
          "chaincore-core/src/main/java/",
          "chaincore-sync/src/main/java/",
          "chaincore-store/src/main/java/",
          "chaincore-net/src/main/java/",
          "chaincore-bench/src/main/java/",
          "examples/src/main/java/",
          "examples/src/image/java/");

  private static final int MOST_LINES = 15;
  private static final Pattern LINK = Pattern.compile("]\\(([^)#:\\s]+)(#[^)]*)?\\)");
  private static final Pattern CLASS_OF_OURS =
      Pattern.compile("org\\.chaincore(\\.[a-z]+)+\\.[A-Z]\\w*");

  @TempDir private Path directory;

  private static List<String> block(String kind) throws IOException {
    List<String> lines = Files.readAllLines(ROOT.resolve("README.md"));
    int from = lines.indexOf("```" + kind) + 1;
    assertThat(from).isPositive();
    return lines.subList(from, from + lines.subList(from, lines.size()).indexOf("```"));
  }

  @Test
  void snippet_isShortAndWhole() throws IOException {
    List<String> lines = block("java").stream().filter(line -> !line.isBlank()).toList();

    assertThat(lines.stream().filter(line -> !line.startsWith("import ")))
        .hasSizeLessThanOrEqualTo(MOST_LINES);
    assertThat(lines.stream().filter(line -> line.startsWith("public class "))).hasSize(1);
    assertThat(lines).noneMatch(line -> line.startsWith("package "));
  }

  @Test
  void snippet_asItStands_minesABlock() throws Exception {
    String source = String.join("\n", block("java"));
    Matcher name = Pattern.compile("public class (\\w+)").matcher(source);
    assertThat(name.find()).isTrue();
    Path file = directory.resolve(name.group(1) + ".java");
    Files.writeString(file, source);
    int failed =
        ToolProvider.findFirst("javac")
            .orElseThrow()
            .run(
                System.out,
                System.err,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                directory.toString(),
                file.toString());
    assertThat(failed).isZero();

    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    try (URLClassLoader classes = new URLClassLoader(new URL[] {directory.toUri().toURL()})) {
      System.setOut(new PrintStream(printed, true, UTF_8));
      classes
          .loadClass(name.group(1))
          .getMethod("main", String[].class)
          .invoke(null, (Object) new String[0]);
    } finally {
      System.setOut(before);
    }
    assertThat(printed.toString(UTF_8).lines())
        .last()
        .asString()
        .matches("height=[1-9]\\d* tip=[0-9a-f]{64}");
  }

  @Test
  void coordinates_areThoseOfTheBuild() throws IOException {
    String pom = Files.readString(ROOT.resolve("chaincore-net/pom.xml"));
    Matcher version = Pattern.compile("<version>([^<]+)</version>").matcher(pom);
    assertThat(version.find()).isTrue();

    assertThat(String.join("", block("xml")).replace(" ", ""))
        .isEqualTo(
            "<dependency><groupId>org.chaincore</groupId><artifactId>chaincore-net</artifactId>"
                + "<version>"
                + version.group(1)
                + "</version></dependency>");
  }

  static List<Path> pages() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      return Stream.concat(top, docs).filter(file -> file.toString().endsWith(".md")).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("pages")
  void links_leadToFiles(Path page) throws IOException {
    Matcher link = LINK.matcher(Files.readString(page));
    List<String> broken = new ArrayList<>();
    while (link.find()) {
      if (!Files.exists(page.resolveSibling(link.group(1)))) {
        broken.add(link.group(1));
      }
    }

    assertThat(broken).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("pages")
  void classes_thatArePointedTo_exist(Path page) throws IOException {
    Matcher name = CLASS_OF_OURS.matcher(Files.readString(page));
    List<String> missing = new ArrayList<>();
    while (name.find()) {
      String file = name.group().replace('.', '/') + ".java";
      if (SOURCES.stream().noneMatch(folder -> Files.exists(ROOT.resolve(folder + file)))) {
        missing.add(name.group());
      }
    }

    assertThat(missing).isEmpty();
  }
}
