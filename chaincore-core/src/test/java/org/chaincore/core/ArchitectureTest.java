package org.chaincore.core;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.chaincore.core.block.BlockHeader;
import org.junit.jupiter.api.Test;

/**
 * The one direction of the core and its purity, as rules about the compiled classes. A package that
 * {@link #LAYERS} does not name yet may be missing, but none may exist without a place there.
 */
final class ArchitectureTest {
  private static final String CORE = "org.chaincore.core";

  /**
   * Packages from bottom to top. A package sees only the rows below its own, not its neighbours.
   */
  private static final List<Set<String>> LAYERS =
      List.of(
          Set.of("value", "lock"),
          Set.of("block"),
          Set.of("script", "pow"),
          Set.of("config"),
          Set.of("rules"),
          Set.of("ledger"),
          Set.of("store", "event"),
          Set.of("chain"),
          Set.of("orphan"),
          Set.of("mempool"),
          Set.of("mining"),
          Set.of("engine"));

  /** The one exception to purity: locks count how long they were waited for, and decide nothing. */
  private static final String MEASURES_WAITING = "lock";

  private static final Set<String> JDK_PACKAGES =
      ModuleLayer.boot().modules().stream()
          .filter(module -> module.getName().matches("(java|jdk)\\..*"))
          .flatMap(module -> module.getPackages().stream())
          .collect(Collectors.toSet());

  private static final Path CLASSES = classesOfCore();
  private static final JavaClasses MAIN = new ClassFileImporter().importPath(CLASSES);

  @Test
  void tests_run_insideTheNamedModule() {
    assertThat(ArchitectureTest.class.getModule().getName()).isEqualTo(CORE);
    assertThat(BlockHeader.class.getModule()).isSameAs(ArchitectureTest.class.getModule());
  }

  @Test
  void packages_ofCore_haveAPlaceInTheLayers() {
    Set<String> known = LAYERS.stream().flatMap(Set::stream).collect(Collectors.toSet());

    assertThat(packagesOfCore()).isSubsetOf(known);
  }

  @Test
  void packages_ofCore_importOnlyLowerLayers() {
    classes().should(dependOnlyOnLowerLayers()).check(MAIN);
  }

  @Test
  void packages_ofCore_haveNoCycles() {
    slices().matching(CORE + ".(*)..").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void packages_ofCore_sayWhatTheyAreFor() {
    Path sources = CLASSES.resolve("../../src/main/java/org/chaincore/core").normalize();

    assertThat(packagesOfCore())
        .allSatisfy(
            name -> assertThat(sources.resolve(name).resolve("package-info.java")).exists());
  }

  /** The build checks for null only what is marked. Sources: other modules are compiled later. */
  @Test
  void modules_thatArePublished_areCheckedForNull() throws IOException {
    Path root = CLASSES.resolve("../../..").normalize();
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

  @Test
  void signatures_ofExportedPackages_nameOnlyTheJdkAndCore() {
    classes().that(areVisibleToOthers()).should(showOnlyTypesOfTheJdkAndCore()).check(MAIN);
  }

  @Test
  void core_always_leavesFilesAndSocketsAlone() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.net..", "java.nio.file..")
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.io\\.(File.*|RandomAccessFile)|java\\.nio\\.channels\\.File.*")
        .check(MAIN);
  }

  @Test
  void core_always_leavesThreadsToItsCaller() {
    noClasses()
        .should()
        .accessTargetWhere(makesThreads())
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.util\\.(Timer|TimerTask)"
                + "|java\\.util\\.concurrent\\.(Executors|ForkJoin.*|.*ThreadPoolExecutor)")
        .check(MAIN);
  }

  @Test
  void core_always_takesTimeAsAnArgument() {
    noClasses()
        .should()
        .accessTargetWhere(readsTheWallClock())
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.time\\.(Clock|InstantSource)(\\$.*)?")
        .check(MAIN);
  }

  @Test
  void core_outsideOfLocks_measuresNoDuration() {
    noClasses()
        .that()
        .resideOutsideOfPackage(CORE + "." + MEASURES_WAITING)
        .should()
        .accessTargetWhere(
            DescribedPredicate.describe(
                "measures a duration",
                access -> targetName(access).equals("java.lang.System.nanoTime")))
        .check(MAIN);
  }

  @Test
  void core_always_takesRandomnessAsASeed() {
    noClasses()
        .should()
        .accessTargetWhere(drawsUnseededRandomness())
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching(
            "java\\.security\\.SecureRandom|java\\.util\\.concurrent\\.ThreadLocalRandom")
        .check(MAIN);
  }

  @Test
  void classes_ofCore_areNamedAfterConcepts() {
    noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Impl|Common)").check(MAIN);
  }

  @Test
  void staticFields_ofCore_holdNoState() {
    fields().that().areStatic().should().beFinal().check(MAIN);
    noFields()
        .that()
        .areStatic()
        .should()
        .haveRawType(
            DescribedPredicate.describe(
                "that holds state",
                type ->
                    type.getPackageName().startsWith("java.util.concurrent")
                        || type.isAssignableTo(ThreadLocal.class)))
        .check(MAIN);
    noFields()
        .that()
        .areStatic()
        .and()
        .areNotPrivate()
        .and()
        .doNotHaveModifier(JavaModifier.SYNTHETIC)
        .should()
        .haveRawType(DescribedPredicate.describe("that is an array", JavaClass::isArray))
        .check(MAIN);
  }

  private static ArchCondition<JavaClass> dependOnlyOnLowerLayers() {
    return new ArchCondition<>("depend only on lower layers of core") {
      @Override
      public void check(JavaClass origin, ConditionEvents events) {
        for (Dependency dependency : origin.getDirectDependenciesFromSelf()) {
          JavaClass target = dependency.getTargetClass().getBaseComponentType();
          boolean leavesPackage = !target.getPackageName().equals(origin.getPackageName());
          if (isOfCore(target) && leavesPackage && layerOf(target) >= layerOf(origin)) {
            events.add(SimpleConditionEvent.violated(origin, dependency.getDescription()));
          }
        }
      }
    };
  }

  private static ArchCondition<JavaClass> showOnlyTypesOfTheJdkAndCore() {
    return new ArchCondition<>("show only types of the JDK and of core") {
      @Override
      public void check(JavaClass owner, ConditionEvents events) {
        Stream<JavaType> ofClass =
            Stream.of(
                    owner.getSuperclass().stream(),
                    owner.getInterfaces().stream(),
                    owner.getTypeParameters().stream())
                .flatMap(types -> types);
        Stream<JavaType> ofMembers =
            owner.getMembers().stream()
                .filter(ArchitectureTest::isVisibleToOthers)
                .flatMap(ArchitectureTest::signatureOf);
        Stream.concat(ofClass, ofMembers)
            .flatMap(type -> type.getAllInvolvedRawTypes().stream())
            .map(JavaClass::getBaseComponentType)
            .filter(type -> !isOfCore(type) && !isOfTheJdk(type))
            .map(type -> owner.getName() + " shows " + type.getName())
            .distinct()
            .forEach(problem -> events.add(SimpleConditionEvent.violated(owner, problem)));
      }
    };
  }

  private static Stream<JavaType> signatureOf(JavaMember member) {
    if (member instanceof JavaField field) {
      return Stream.of(field.getType());
    }
    JavaCodeUnit code = (JavaCodeUnit) member;
    return Stream.of(
            Stream.of(code.getReturnType()),
            code.getParameterTypes().stream(),
            code.getExceptionTypes().stream(),
            code.getTypeParameters().stream())
        .flatMap(types -> types);
  }

  private static DescribedPredicate<JavaClass> areVisibleToOthers() {
    Set<String> exported = exportedPackages();
    return DescribedPredicate.describe(
        "are public and of an exported package",
        type ->
            type.getModifiers().contains(JavaModifier.PUBLIC)
                && exported.contains(type.getPackageName()));
  }

  private static boolean isVisibleToOthers(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static DescribedPredicate<JavaAccess<?>> makesThreads() {
    Set<String> calls = Set.of("java.lang.Thread.start", "java.lang.Thread.sleep");
    return DescribedPredicate.describe(
        "makes a thread or leaves work to a hidden one",
        access ->
            calls.contains(targetName(access))
                || Set.of("parallelStream", "parallel").contains(access.getTarget().getName())
                || runsOnTheCommonPool(access)
                || (isConstructor(access)
                    && access.getTarget().getOwner().isAssignableTo(Thread.class)));
  }

  /** Futures run on a hidden pool of the JDK unless an executor, the caller's, is named. */
  private static boolean runsOnTheCommonPool(JavaAccess<?> access) {
    return targetName(access).matches("java\\.util\\.concurrent\\.Complet.*\\..*Async")
        && !access.getTarget().getFullName().contains("java.util.concurrent.Executor");
  }

  private static DescribedPredicate<JavaAccess<?>> readsTheWallClock() {
    return DescribedPredicate.describe(
        "reads the wall clock",
        access ->
            targetName(access).equals("java.lang.System.currentTimeMillis")
                || (access.getTarget().getOwner().getPackageName().startsWith("java.time")
                    && access.getTarget().getName().equals("now"))
                || (targetName(access).equals("java.util.Date.<init>") && hasNoArguments(access)));
  }

  private static DescribedPredicate<JavaAccess<?>> drawsUnseededRandomness() {
    Set<String> calls =
        Set.of(
            "java.lang.Math.random",
            "java.lang.StrictMath.random",
            "java.util.UUID.randomUUID",
            "java.util.random.RandomGenerator.getDefault");
    Set<String> seededByTheirArgument =
        Set.of("java.util.Random.<init>", "java.util.SplittableRandom.<init>");
    return DescribedPredicate.describe(
        "draws randomness that no seed repeats",
        access ->
            calls.contains(targetName(access))
                || (seededByTheirArgument.contains(targetName(access)) && hasNoArguments(access)));
  }

  private static String targetName(JavaAccess<?> access) {
    return access.getTarget().getOwner().getName() + "." + access.getTarget().getName();
  }

  private static boolean isConstructor(JavaAccess<?> access) {
    return access.getTarget().getName().equals(JavaConstructor.CONSTRUCTOR_NAME);
  }

  private static boolean hasNoArguments(JavaAccess<?> access) {
    return access.getTarget().getFullName().endsWith("()");
  }

  private static boolean isOfCore(JavaClass type) {
    return type.getPackageName().startsWith(CORE + ".");
  }

  private static boolean isOfTheJdk(JavaClass type) {
    return type.isPrimitive() || JDK_PACKAGES.contains(type.getPackageName());
  }

  private static int layerOf(JavaClass type) {
    String name = type.getPackageName().substring(CORE.length() + 1);
    for (int i = 0; i < LAYERS.size(); i++) {
      if (LAYERS.get(i).contains(name)) {
        return i;
      }
    }
    throw new AssertionError("package " + name + " has no place in the layers");
  }

  /** The packages below {@link #CORE} that hold classes, by what follows its name. */
  private static Set<String> packagesOfCore() {
    return MAIN.stream()
        .map(JavaClass::getPackageName)
        .filter(name -> !name.isEmpty())
        .map(name -> name.substring(CORE.length()).replaceFirst("^\\.", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> exportedPackages() {
    try (InputStream in = Files.newInputStream(CLASSES.resolve("module-info.class"))) {
      return ModuleDescriptor.read(in).exports().stream()
          .filter(export -> !export.isQualified())
          .map(ModuleDescriptor.Exports::source)
          .collect(Collectors.toSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path classesOfCore() {
    try {
      return Path.of(BlockHeader.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
