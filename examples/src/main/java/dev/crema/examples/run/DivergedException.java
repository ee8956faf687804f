package dev.crema.examples.run;

import java.util.Locale;

/** The loss is not a number any more: from here on there is nothing to learn. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  DivergedException(int step, double lr) {
    super(
        String.format(
            Locale.ROOT,
            "by step %d the loss is not a finite number. Hint: a lower learning rate than --lr"
                + " %s",
            step,
            lr));
  }
}
