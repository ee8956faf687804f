package dev.crema.natives;

import dev.crema.cuda.driver.Natives;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Tests on a real GPU: skipped with the reason where there is none, and failed where one is
 * required ({@code -Pgpu.required}).
 */
@Retention(RetentionPolicy.RUNTIME)
@Tag("gpu")
@ExtendWith(OnGpu.Extension.class)
@interface OnGpu {

  /** What the annotation does. */
  final class Extension implements ExecutionCondition, BeforeAllCallback {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      String fault = Natives.get().fault();
      return fault == null || Boolean.getBoolean("crema.gpu.required")
          ? ConditionEvaluationResult.enabled("a GPU")
          : Skipped.because(context, "no GPU: " + fault);
    }

    @Override
    public void beforeAll(ExtensionContext context) {
      String fault = Natives.get().fault();
      if (fault != null) {
        throw new AssertionError("a GPU is required here: " + fault);
      }
    }
  }
}
