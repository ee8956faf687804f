package dev.crema.bench.lab;

import org.jspecify.annotations.Nullable;

/**
 * One algorithm on one problem in one direction.
 *
 * @param status whether there is something to compare
 * @param note why not, or what else should be known
 * @param accuracy null unless it ran
 * @param workspaceBytes the most scratch that it held; null unless it ran
 * @param sameBits whether it gives the same bits on one thread and on many; null unless asked
 * @param speed null unless it was timed
 * @param auto whether automatic selection takes it here
 * @param best whether it is the fastest here
 * @param repro the command that repeats this row
 */
public record Row(
    String algorithm,
    Status status,
    String note,
    @Nullable Accuracy accuracy,
    @Nullable Long workspaceBytes,
    @Nullable Boolean sameBits,
    @Nullable Speed speed,
    boolean auto,
    boolean best,
    String repro) {

  /** How it went. */
  public enum Status {
    /** It ran and its result is right. */
    OK,
    /** It says that it cannot do this problem. */
    DECLINED,
    /** The lab left it out. */
    SKIPPED,
    /** Its result is wrong. */
    FAILED
  }

  /**
   * How fast it is. All but the median is of the fastest sample.
   *
   * @param samples how many were timed, each of one call or of as many as take 1 ms
   * @param gflops 10⁹ operations a second that direct convolution would have needed, padding
   *     counted
   * @param peakPercent of the multiply-add peak that it reached
   * @param gbPerS 10⁹ bytes a second, were each tensor moved once
   * @param bandwidthPercent of the memory's bandwidth
   */
  public record Speed(
      double minMs,
      double medianMs,
      int samples,
      double gflops,
      double peakPercent,
      double gbPerS,
      double bandwidthPercent) {

    static Speed of(Trial trial, Race.Times times, Peak peak) {
      double perSecond = 1e-9 / (times.minMs() * 1e-3);
      double gflops = trial.plan().flops() * perSecond;
      double gbPerS = trial.bytes() * perSecond;
      return new Speed(
          times.minMs(),
          times.medianMs(),
          times.samples(),
          gflops,
          100 * gflops / peak.gflops(),
          gbPerS,
          100 * gbPerS / peak.gbPerS());
    }
  }

  Row withSpeed(Speed measured, String remark) {
    return new Row(
        algorithm, status, remark, accuracy, workspaceBytes, sameBits, measured, auto, best, repro);
  }

  Row asBest() {
    return new Row(
        algorithm, status, note, accuracy, workspaceBytes, sameBits, speed, auto, true, repro);
  }
}
