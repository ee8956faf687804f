package dev.crema.examples.cli;

import dev.crema.backend.Backends;
import dev.crema.backend.CapturingBackend;
import dev.crema.examples.run.OptimizerKind;
import dev.crema.examples.run.PrecisionKind;
import dev.crema.examples.run.Recipe;
import dev.crema.examples.run.ScheduleKind;
import dev.crema.examples.run.Settings;
import dev.crema.tensor.Device;
import dev.crema.tensor.MemoryFormat;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How to train; what is not said comes from the network's {@link Recipe}. */
final class TrainOptions {
  static final String PRECISION_HELP =
      "How exactly a GPU computes products and convolutions: ${COMPLETION-CANDIDATES}. Weights stay"
          + " f32. Default: f32";

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "Passes over the training images. Default: 3, or 1 for simple-cnn-000 and -002")
  private @Nullable Integer epochs;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Stop after N batches. Default: when the epochs are over")
  private @Nullable Integer steps;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description = "Images per step. Default: 64; 128 for lenet, 32 for the AlexNets")
  private @Nullable Integer batch;

  @Option(
      names = "--limit",
      paramLabel = "N",
      description =
          "Learn from N training images at most, spread evenly over the set. The test images are"
              + " always all used.")
  private @Nullable Integer limit;

  @Option(
      names = "--optimizer",
      paramLabel = "NAME",
      description = "${COMPLETION-CANDIDATES}. Default: adam")
  private @Nullable OptimizerKind optimizer;

  @Option(
      names = "--lr",
      paramLabel = "RATE",
      description = "The highest learning rate. Default: the network's")
  private @Nullable Double lr;

  @Option(
      names = "--schedule",
      paramLabel = "NAME",
      description =
          "How the learning rate changes: ${COMPLETION-CANDIDATES}. Default: the network's")
  private @Nullable ScheduleKind schedule;

  @Option(
      names = "--momentum",
      paramLabel = "M",
      defaultValue = "0.9",
      description = "Of sgd and rmsprop. Default: ${DEFAULT-VALUE}")
  private double momentum = 0.9;

  @Option(
      names = "--weight-decay",
      paramLabel = "D",
      defaultValue = "0",
      description = "Pull of the weights towards zero. Default: ${DEFAULT-VALUE}")
  private double weightDecay;

  @Option(names = "--precision", paramLabel = "NAME", description = PRECISION_HELP)
  private PrecisionKind precision = PrecisionKind.F32;

  @Option(
      names = "--graphs",
      description = "Run each step as one CUDA graph, which small networks gain from. Same results")
  private boolean graphs;

  @Option(names = ChannelsLast.OPTION, description = ChannelsLast.HELP)
  private boolean channelsLast;

  @Option(
      names = "--resume",
      paramLabel = "FILE",
      description =
          "Start from the weights of this checkpoint. Optimizer and schedule start anew: a"
              + " checkpoint does not hold their state.")
  private @Nullable Path resume;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "The same seed gives the same weights, bit for bit, on any number of threads. Default:"
              + " ${DEFAULT-VALUE}")
  private long seed;

  /** How many training images are used at most; null for all. */
  @Nullable Integer limit() {
    return limit == null ? null : atLeastOne("--limit", limit);
  }

  /** The checkpoint to start from, if any. */
  @Nullable Path resume() {
    return resume;
  }

  /** The settings of a run. */
  Settings resolve(
      String model, int classes, int images, DataOptions data, Device device, int threads) {
    Recipe recipe = Recipe.of(model);
    int batchSize = atLeastOne("--batch", or(batch, recipe.batch()));
    if (steps != null) {
      atLeastOne("--steps", steps);
    }
    return new Settings(
        model,
        classes,
        data.dataset,
        data.data == null ? null : data.data.toString(),
        limit,
        resume == null ? null : resume.toString(),
        atLeastOne("--epochs", epochs(recipe, Math.ceilDiv(images, batchSize))),
        steps,
        batchSize,
        optimizer == null ? recipe.optimizer() : optimizer,
        notNegative("--lr", lr == null ? recipe.lr() : lr),
        notNegative("--momentum", momentum),
        notNegative("--weight-decay", weightDecay),
        schedule == null ? recipe.schedule() : schedule,
        precision(precision, device),
        seed,
        device.toString(),
        threads,
        graphs(device),
        ChannelsLast.format(channelsLast, device) == MemoryFormat.CHANNELS_LAST);
  }

  private boolean graphs(Device device) {
    if (graphs && !(Backends.get(device) instanceof CapturingBackend)) {
      throw new UserError(
          "--graphs: %s has no graphs to run steps as. Hint: --device cuda".formatted(device));
    }
    return graphs;
  }

  /** What was asked for, if the device has it. */
  static PrecisionKind precision(PrecisionKind precision, Device device) {
    if (precision.needsGpu() && device.equals(Device.cpu())) {
      throw new UserError(
          "--precision: expected f32 on the CPU, got %s. Hint: --device cuda".formatted(precision));
    }
    return precision;
  }

  /** Without --epochs, as many as the steps take. */
  private int epochs(Recipe recipe, int batches) {
    int natural = steps == null ? recipe.epochs() : Math.ceilDiv(steps, batches);
    return or(epochs, natural);
  }

  private static int or(@Nullable Integer value, int otherwise) {
    return value == null ? otherwise : value;
  }

  private static int atLeastOne(String option, int value) {
    if (value < 1) {
      throw new UserError(
          String.format(Locale.ROOT, "%s: expected at least 1, got %d", option, value));
    }
    return value;
  }

  private static double notNegative(String option, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw new UserError("%s: expected a number from 0, got %s".formatted(option, value));
    }
    return value;
  }
}
