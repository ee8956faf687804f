package dev.crema.examples.cli;

import dev.crema.examples.run.DataSource;
import dev.crema.examples.run.EpochReport;
import dev.crema.examples.run.Settings;
import dev.crema.examples.run.StepReport;
import dev.crema.examples.run.Training;
import dev.crema.nn.train.Metrics;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Shows a training run: a bar that moves while a person watches, a line per epoch for everyone. */
final class TrainConsole implements Training.Listener, AutoCloseable {
  private static final int LINES_OF_A_SHORT_RUN = 10;

  /** How long a bar keeps its figures: to have new ones waits for the device. */
  private static final long TEXT_NANOS = 200_000_000;

  private final Terminal terminal;
  private final Settings settings;
  private final DataSource data;
  private final int logEvery;
  private @Nullable Progress bar;
  private String text = "";
  private long textAt;

  /**
   * @param logEvery how many steps to each line; null for none, or ten lines if the run's steps are
   *     counted
   */
  TrainConsole(Terminal terminal, Settings settings, DataSource data, @Nullable Integer logEvery) {
    this.terminal = terminal;
    this.settings = settings;
    this.data = data;
    Integer steps = settings.steps();
    int usual = steps == null ? 0 : Math.max(1, steps / LINES_OF_A_SHORT_RUN);
    this.logEvery = logEvery == null ? usual : logEvery;
  }

  @Override
  public void learnt(int epoch, Metrics soFar) {
    if (soFar.count() == data.train().size()) {
      close();
      return;
    }
    show(
        String.format(Locale.ROOT, "epoch %d/%d", epoch, settings.epochs()),
        data.train().size(),
        soFar);
  }

  @Override
  public void judged(int epoch, Metrics soFar) {
    show("testing", data.test().size(), soFar);
  }

  private void show(String task, int images, Metrics soFar) {
    long now = System.nanoTime();
    if (bar == null || now - textAt > TEXT_NANOS) {
      text =
          String.format(Locale.ROOT, " loss %.4f %,.0f/s", soFar.loss(), soFar.samplesPerSecond());
      textAt = now;
    }
    if (bar == null) {
      bar = Progress.start(terminal, task, images, "", 1);
    }
    bar.to(soFar.count(), text);
  }

  @Override
  public boolean wantsStep(int step) {
    return logEvery > 0 && step % logEvery == 0;
  }

  @Override
  public void step(StepReport r) {
    close();
    terminal.line(
        "step %5d  loss %.4f  lr %.2e  %,.1f images/s  live %,d bytes in %d buffers",
        r.step(), r.loss(), r.lr(), r.imagesPerSecond(), r.liveBytes(), r.liveBuffers());
  }

  @Override
  public void epoch(EpochReport r) {
    close();
    terminal.line(
        "epoch %d/%d  loss %.4f  train %s  test %s  %,.0f images/s",
        r.epoch(),
        settings.epochs(),
        r.loss(),
        Words.percent(r.trainAccuracy()),
        Words.percent(r.testAccuracy()),
        r.imagesPerSecond());
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
      bar = null;
    }
  }
}
