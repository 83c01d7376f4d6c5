package org.chaincore.store;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.chaincore.core.fixture.ArchitectureRules;
import org.chaincore.store.rocks.RocksChainStore;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The one direction of the store. It touches files, but neither clock nor thread nor chance. */
final class ArchitectureTest {
  private static final List<Set<String>> LAYERS =
      List.of(Set.of("codec", "coins", "directory"), Set.of("database"), Set.of("rocks"));

  @TestFactory
  Stream<DynamicTest> store_always_keepsTheRules() {
    ArchitectureRules.Layout layout =
        new ArchitectureRules.Layout(
            "org.chaincore.store",
            LAYERS,
            Set.of("org.chaincore.core"),
            new ArchitectureRules.Exceptions(Set.of(), Set.of()));
    return ArchitectureRules.of(layout, RocksChainStore.class)
        .tests(getClass())
        .filter(rule -> !rule.getDisplayName().contains("leavesFilesAndSocketsAlone"));
  }

  @Test
  void packages_butDatabase_nameNoClassOfRocksDb() {
    noClasses()
        .that()
        .resideOutsideOfPackage("org.chaincore.store.database")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.rocksdb..")
        .check(
            new ClassFileImporter().importPath(ArchitectureRules.classesOf(RocksChainStore.class)));
  }
}
