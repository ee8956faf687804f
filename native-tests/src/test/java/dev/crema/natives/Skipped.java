package dev.crema.natives;

import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A skip that says its reason where people look, too, not in the report's file alone. */
final class Skipped {
  private Skipped() {}

  static ConditionEvaluationResult because(ExtensionContext context, String reason) {
    if (context.getTestMethod().isEmpty()) {
      System.out.println("skipped " + context.getDisplayName() + ": " + reason);
    }
    return ConditionEvaluationResult.disabled(reason);
  }
}
