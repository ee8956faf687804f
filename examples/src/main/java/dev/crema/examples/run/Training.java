package dev.crema.examples.run;

import dev.crema.backend.Backends;
import dev.crema.backend.MemoryStats;
import dev.crema.nn.CrossEntropyLoss;
import dev.crema.nn.Module;
import dev.crema.nn.data.Batch;
import dev.crema.nn.data.DataLoader;
import dev.crema.nn.data.Epoch;
import dev.crema.nn.optim.GradScaler;
import dev.crema.nn.optim.LRScheduler;
import dev.crema.nn.optim.Optimizer;
import dev.crema.nn.train.Metrics;
import dev.crema.nn.train.Trainer;
import dev.crema.tensor.Device;
import java.util.Iterator;
import java.util.Map;
import java.util.stream.Stream;

/** A run: trains a network, judges it after every epoch, and keeps what it learnt on disk. */
public final class Training {
  /** The loss is looked at after so many steps, since that waits for the device. */
  private static final int CHECKED = 10;

  private final Settings settings;
  private final Module model;
  private final DataSource data;
  private final RunFolder folder;
  private final Listener listener;
  private final Device device;
  private final Map<String, String> about;
  private int step;

  /** Who follows a run. */
  public interface Listener {
    /** So many training images of this epoch are done. */
    void learnt(int epoch, Metrics soFar);

    /** So many test images are done. */
    void judged(int epoch, Metrics soFar);

    /** After a step; says whether it is worth a line in the metrics. */
    boolean wantsStep(int step);

    /** A step that was wanted. */
    void step(StepReport report);

    /** After each epoch, when its checkpoint is on disk. */
    void epoch(EpochReport report);
  }

  /**
   * A run that has not begun.
   *
   * @param model on its device
   * @param about goes into the checkpoint
   */
  public Training(
      Settings settings,
      Module model,
      DataSource data,
      RunFolder folder,
      Map<String, String> about,
      Listener listener) {
    this.settings = settings;
    this.model = model;
    this.data = data;
    this.folder = folder;
    this.about = about;
    this.listener = listener;
    this.device = Device.parse(settings.device());
  }

  /**
   * Runs to its end.
   *
   * @return the last epoch
   * @throws DivergedException when the loss is not a number any more
   */
  public EpochReport run() {
    DataLoader loader = data.trainBatches(settings.batch(), settings.seed(), device);
    int totalSteps = settings.totalSteps(loader.batches());
    try (Optimizer optimizer = settings.optimizer().create(model.parameters(), settings);
        var scaler = new GradScaler()) {
      LRScheduler schedule = settings.schedule().create(optimizer, settings.lr(), totalSteps);
      var trainer =
          new Trainer(model, new CrossEntropyLoss(), optimizer)
              .graphs(settings.graphs())
              .channelsLast(settings.channelsLast());
      settings.precision().set(trainer, scaler);
      for (int epoch = 1; ; epoch++) {
        Metrics train = learn(epoch, trainer, loader, schedule, totalSteps - step);
        EpochReport report = judge(epoch, trainer, train);
        folder.save(model, about);
        folder.log(report);
        listener.epoch(report);
        if (step == totalSteps) {
          return report;
        }
      }
    }
  }

  private Metrics learn(
      int epoch, Trainer trainer, DataLoader loader, LRScheduler schedule, int stepsLeft) {
    var since = new Since();
    trainer.afterBatch(
        soFar -> {
          step++;
          boolean wanted = listener.wantsStep(step);
          if (wanted || step % CHECKED == 0) {
            check(soFar);
          }
          if (wanted) {
            report(epoch, since.loss(soFar), schedule.lastLr()[0], soFar);
          }
          schedule.step();
          listener.learnt(epoch, soFar);
        });
    try (Epoch batches = loader.epoch(epoch - 1)) {
      Metrics train = trainer.train(() -> first(stepsLeft, batches));
      check(train);
      return train;
    }
  }

  private void check(Metrics soFar) {
    if (!Double.isFinite(soFar.loss())) {
      throw new DivergedException(step, settings.lr());
    }
  }

  private static Iterator<Batch> first(int n, Iterator<Batch> batches) {
    return Stream.iterate(0, i -> i < n && batches.hasNext(), i -> i + 1)
        .map(_ -> batches.next())
        .iterator();
  }

  private void report(int epoch, double loss, double lr, Metrics soFar) {
    MemoryStats memory = Backends.get(device).memoryStats();
    var report =
        new StepReport(
            "step",
            epoch,
            step,
            loss,
            lr,
            soFar.samplesPerSecond(),
            memory.liveBuffers(),
            memory.liveBytes());
    folder.log(report);
    listener.step(report);
  }

  private EpochReport judge(int epoch, Trainer trainer, Metrics train) {
    Metrics test =
        trainer
            .afterBatch(soFar -> listener.judged(epoch, soFar))
            .evaluate(data.testBatches(device));
    MemoryStats memory = Backends.get(device).memoryStats();
    return new EpochReport(
        "epoch",
        epoch,
        step,
        train.loss(),
        train.accuracy(),
        test.loss(),
        test.accuracy(),
        test.correct(),
        test.count(),
        train.seconds(),
        train.samplesPerSecond(),
        memory.liveBuffers(),
        memory.liveBytes());
  }

  /** The mean loss of the images since it was last asked for. */
  private static final class Since {
    private double sum;
    private long count;

    double loss(Metrics soFar) {
      double sumNow = soFar.loss() * soFar.count();
      double mean = (sumNow - sum) / (soFar.count() - count);
      sum = sumNow;
      count = soFar.count();
      return mean;
    }
  }
}
