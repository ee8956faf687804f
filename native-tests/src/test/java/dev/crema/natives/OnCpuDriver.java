package dev.crema.natives;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
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
  final class Extension implements ExecutionCondition, BeforeAllCallback, AfterAllCallback {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return CpuDriver.missing()
          .map(why -> Skipped.because(context, why))
          .orElseGet(() -> ConditionEvaluationResult.enabled("the CPU-executing driver"));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
      CpuDriver.get().reset();
    }

    @Override
    public void afterAll(ExtensionContext context) {
      assertThat(CpuDriver.get().violations()).as("violations").isEmpty();
      CpuDriver.get().reset();
    }
  }
}
