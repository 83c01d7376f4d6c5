package org.chaincore.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.chaincore.core.block.BlockHeader;
import org.chaincore.core.curve.CurvePoint;
import org.chaincore.core.curve.PointSum;
import org.chaincore.core.curve.Scalars;
import org.chaincore.core.fixture.ArchitectureRules;
import org.chaincore.core.script.KeyPair;
import org.chaincore.core.script.PrivateKey;
import org.chaincore.core.script.Signer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The one direction of the core, and its purity. */
final class ArchitectureTest {
  private static final List<Set<String>> LAYERS =
      List.of(
          Set.of("value", "lock"),
          Set.of("block", "curve"),
          Set.of("script", "pow"),
          Set.of("config"),
          Set.of("rules"),
          Set.of("ledger"),
          Set.of("store", "event"),
          Set.of("chain"),
          Set.of("orphan"),
          Set.of("mempool"),
          Set.of("mining"),
          Set.of("engine"),
          Set.of("archive"));

  /** The one exception to purity: locks count how long they were waited for, and decide nothing. */
  private static final ArchitectureRules.Exceptions EXCEPTIONS =
      new ArchitectureRules.Exceptions(Set.of(), Set.of("lock"));

  @TestFactory
  Stream<DynamicTest> core_always_keepsTheRules() {
    ArchitectureRules.Layout layout =
        new ArchitectureRules.Layout("org.chaincore.core", LAYERS, Set.of(), EXCEPTIONS);
    return ArchitectureRules.of(layout, BlockHeader.class).tests(getClass());
  }

  /** The time of the curve's own arithmetic depends on the values, so it is for public ones. */
  @Test
  void signers_always_leaveTheArithmeticOfTheCurveAlone() {
    noClasses()
        .that()
        .implement(Signer.class)
        .or()
        .belongToAnyOf(PrivateKey.class, KeyPair.class)
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(PointSum.class, CurvePoint.class)
        .orShould()
        .callMethod(Scalars.class, "inverse", BigInteger.class)
        .check(new ClassFileImporter().importPath(ArchitectureRules.classesOf(BlockHeader.class)));
  }

  /** The build checks for null only what is marked. Sources: other modules are compiled later. */
  @Test
  void modules_thatArePublished_areCheckedForNull() throws IOException {
    Path root = ArchitectureRules.classesOf(BlockHeader.class).resolve("../../..").normalize();
    List<Path> descriptors;
    try (Stream<Path> modules = Files.list(root)) {
      descriptors =
          modules
              .map(module -> module.resolve("src/main/java/module-info.java"))
              .filter(Files::exists)
              .toList();
    }

    assertThat(descriptors)
        .hasSizeGreaterThanOrEqualTo(4)
        .allSatisfy(
            descriptor ->
                assertThat(descriptor)
                    .content()
                    .containsPattern("@org\\.jspecify\\.annotations\\.NullMarked\\s+module "));
  }
}
