package dev.crema.examples;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.crema.tensor.Tensor;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/**
 * Holds the arrows between the modules and between core's packages. A class belongs to the module
 * that it was built in, whatever its package; a rule that finds no class to check fails.
 */
class ArchitectureTest {
  private static final JavaClasses PRODUCTION =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.crema");

  private static final DescribedPredicate<JavaClass> PLATFORM =
      resideInAnyPackage("java..", "org.jspecify.annotations");
  private static final DescribedPredicate<JavaClass> VECTOR_API =
      resideInAnyPackage("jdk.incubator.vector");
  private static final DescribedPredicate<JavaClass> IMAGE_IO =
      resideInAnyPackage("javax.imageio..");
  private static final DescribedPredicate<JavaClass> JCUDA = resideInAnyPackage("jcuda..");
  private static final DescribedPredicate<JavaClass> CORE = module("core");
  private static final DescribedPredicate<JavaClass> CPU = module("cpu");
  private static final DescribedPredicate<JavaClass> CUDA = module("cuda");
  private static final DescribedPredicate<JavaClass> NN = module("nn");
  private static final DescribedPredicate<JavaClass> EXAMPLES = module("examples");
  private static final DescribedPredicate<JavaClass> BENCH = module("bench");

  /** What stands on the backend interface. */
  private static final DescribedPredicate<JavaClass> ABOVE_BACKEND =
      resideInAnyPackage("dev.crema.op..", "dev.crema.autograd..").or(assignableTo(Tensor.class));

  /** Its classes come from the module's own target folder, or from its jar in a repository. */
  private static DescribedPredicate<JavaClass> module(String name) {
    return describe(
        "in module " + name,
        type ->
            type.getBaseComponentType()
                .getSource()
                .map(source -> source.getUri().toString())
                .filter(
                    uri -> uri.contains("/" + name + "/target/") || uri.contains("/crema-" + name))
                .isPresent());
  }

  @Test
  void coreStandsAlone() {
    classes().that(CORE).should().onlyDependOnClassesThat(CORE.or(PLATFORM)).check(PRODUCTION);
  }

  @Test
  void cpuStandsOnCoreAndTheVectorApi() {
    classes()
        .that(CPU)
        .should()
        .onlyDependOnClassesThat(CPU.or(CORE).or(VECTOR_API).or(PLATFORM))
        .check(PRODUCTION);
  }

  @Test
  void cudaStandsOnCoreAndJcuda() {
    classes()
        .that(CUDA)
        .should()
        .onlyDependOnClassesThat(CUDA.or(CORE).or(JCUDA).or(PLATFORM))
        .check(PRODUCTION);
  }

  /** The runtime API's library cannot be replaced by one that computes on the CPU. */
  @Test
  void cudaCallsNothingOfTheRuntimeApi() {
    noClasses()
        .that(CUDA)
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("jcuda.runtime.JCuda")
        .check(PRODUCTION);
  }

  @Test
  void nnStandsOnCoreAndNamesNoBackend() {
    classes()
        .that(NN)
        .should()
        .onlyDependOnClassesThat(NN.or(CORE).or(IMAGE_IO).or(PLATFORM))
        .check(PRODUCTION);
  }

  @Test
  void theLabAndTheBenchmarksKnowNothingOfTheCommandLine() {
    noClasses().that(BENCH).should().dependOnClassesThat(EXAMPLES).check(PRODUCTION);
  }

  @Test
  void theBackendInterfaceKnowsNothingAboveIt() {
    noClasses()
        .that()
        .resideInAPackage("dev.crema.backend")
        .should()
        .dependOnClassesThat(ABOVE_BACKEND)
        .check(PRODUCTION);
  }

  @Test
  void onlyChecksReadTheCases() {
    noClasses()
        .that(CORE.or(CPU).or(CUDA).or(NN))
        .and()
        .resideOutsideOfPackage("dev.crema.cases")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.crema.cases")
        .check(PRODUCTION);
  }

  @Test
  void backendsSpeakToTheBackendInterfaceOnly() {
    noClasses().that(CPU.or(CUDA)).should().dependOnClassesThat(ABOVE_BACKEND).check(PRODUCTION);
  }

  @Test
  void everyPackageIsNullMarked() {
    // All but what JMH's annotation processor generates.
    DescribedPredicate<JavaClass> generated = resideInAnyPackage("..jmh_generated..");
    assertThat(
            PRODUCTION.stream()
                .filter(type -> !generated.test(type))
                .map(JavaClass::getPackage)
                .distinct())
        .isNotEmpty()
        .allSatisfy(
            javaPackage ->
                assertThat(javaPackage.isAnnotatedWith(NullMarked.class))
                    .as("@NullMarked on the package-info.java of %s", javaPackage.getName())
                    .isTrue());
  }
}
