package dev.crema.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Errors have the same words everywhere, also where digits are written ٠١٢٣٤٥٦٧٨٩. */
class LocaleTest {
  @TestFactory
  Stream<DynamicTest> errors() {
    return ErrorCases.all().stream()
        .map(error -> dynamicTest(error.name(), () -> checkInEgypt(error)));
  }

  private static void checkInEgypt(ErrorCase error) {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG"));
    try {
      assertThat("%d".formatted(12)).isNotEqualTo("12");
      error.check(ReferenceBackend.DEVICE);
    } finally {
      Locale.setDefault(before);
    }
  }
}
