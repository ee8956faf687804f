package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Tests that need the CPU-executing driver: skipped, with the reason, where it could not be built.
 * After them, nothing may have gone on that no correct program does.
 */
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OnCpuDriver.Extension.class)
@interface OnCpuDriver {

  /** What the annotation does. */
  final class Extension implements BeforeAllCallback, AfterAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
      CpuDriver.missing().ifPresent(reason -> abort(reason));
      CpuDriver.get().reset();
    }

    @Override
    public void afterAll(ExtensionContext context) {
      if (CpuDriver.missing().isEmpty()) {
        assertThat(CpuDriver.get().violations()).as("violations").isEmpty();
        CpuDriver.get().reset();
      }
    }
  }
}
