package dev.crema.cpu.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.IntSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SimdTest {
  private static final String VM = "OpenJDK 64-Bit Server VM";
  private static final String INFO = "mixed mode, sharing";
  private static final IntSupplier UNTOUCHED =
      () -> {
        throw new AssertionError("the Vector API was touched");
      };

  @ParameterizedTest
  @CsvSource({"128, 128", "256, 256", "512, 512", "2048, 512"})
  void autoTakesWhatTheCpuPrefersUpTo512(int preferred, int expected) {
    Simd.Choice choice = Simd.choose("auto", VM, INFO, true, () -> preferred);
    assertThat(choice).isEqualTo(new Simd.Choice(expected, null, null));
  }

  @ParameterizedTest
  @CsvSource({"128", "256"})
  void aNarrowerWidthCanBeForced(int bits) {
    Simd.Choice choice = Simd.choose("" + bits, VM, INFO, true, () -> 256);
    assertThat(choice).isEqualTo(new Simd.Choice(bits, null, null));
  }

  @Test
  void aWiderWidthIsEmulatedAndSaysSo() {
    Simd.Choice choice = Simd.choose("512", VM, INFO, true, () -> 256);
    assertThat(choice.bits()).isEqualTo(512);
    assertThat(choice.warning()).contains("emulated").contains("Drop -Dcrema.cpu.simd=512");
  }

  @Test
  void scalarIsTakenAtItsWordWithoutAWarning() {
    Simd.Choice choice = Simd.choose("scalar", VM, INFO, true, UNTOUCHED);
    assertThat(choice).isEqualTo(new Simd.Choice(0, null, null));
  }

  @Test
  void withoutTheModuleTheFixIsNamed() {
    Simd.Choice choice = Simd.choose("auto", VM, INFO, false, UNTOUCHED);
    assertThat(choice.bits()).isZero();
    assertThat(choice.warning()).contains("--add-modules jdk.incubator.vector");
  }

  @Test
  void anotherVmRunsScalar() {
    Simd.Choice choice = Simd.choose("auto", "Eclipse OpenJ9 VM", "", true, UNTOUCHED);
    assertThat(choice.bits()).isZero();
    assertThat(choice.warning()).contains("'Eclipse OpenJ9 VM' is not HotSpot");
  }

  @ParameterizedTest
  @CsvSource({"interpreted mode", "'mixed mode, emulated-client, sharing'"})
  void withoutTheOptimisingCompilerItRunsScalar(String info) {
    Simd.Choice choice = Simd.choose("256", VM, info, true, UNTOUCHED);
    assertThat(choice.bits()).isZero();
    assertThat(choice.warning()).contains("-XX:TieredStopAtLevel");
  }

  @Test
  void aCpuWithoutVectorsRunsScalar() {
    Simd.Choice choice = Simd.choose("auto", VM, INFO, true, () -> 64);
    assertThat(choice.bits()).isZero();
    assertThat(choice.warning()).contains("no vectors");
  }

  @Test
  void nonsenseIsAFault() {
    Simd.Choice choice = Simd.choose("1024", VM, INFO, true, UNTOUCHED);
    assertThat(choice.fault())
        .isEqualTo("-Dcrema.cpu.simd: expected auto, scalar, 128, 256 or 512, got '1024'");
  }

  @Test
  void thisJvmsChoiceIsDescribed() {
    assertThat(Simd.description()).matches("(\\d+-bit vectors|scalar).*");
  }
}
