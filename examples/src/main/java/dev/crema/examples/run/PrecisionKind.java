package dev.crema.examples.run;

import dev.crema.cuda.Precision;
import dev.crema.nn.optim.GradScaler;
import dev.crema.nn.train.Trainer;
import dev.crema.tensor.DType;
import java.util.Locale;

/** How exactly products and convolutions are computed. Weights and losses are f32 with all. */
public enum PrecisionKind {
  F32,
  /** f32, whose factors are rounded to 11 bits. */
  TF32,
  /** bf16, by autocast. */
  BF16,
  /** f16, by autocast, with a scaled loss. */
  F16;

  /** Whether a GPU is needed. */
  public boolean needsGpu() {
    return this != F32;
  }

  /** What {@link dev.crema.autograd.Autocast} rounds to; F32 where there is none. */
  public DType autocast() {
    return switch (this) {
      case F32, TF32 -> DType.F32;
      case BF16 -> DType.BF16;
      case F16 -> DType.F16;
    };
  }

  /** Has the GPU round factors of f32, if that is meant. */
  public void use() {
    if (this == TF32) {
      Precision.use(Precision.TF32);
    }
  }

  void set(Trainer trainer, GradScaler scaler) {
    use();
    trainer.autocast(autocast());
    if (this == F16) {
      trainer.gradScaler(scaler);
    }
  }

  /** As on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
