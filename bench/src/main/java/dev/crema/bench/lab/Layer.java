package dev.crema.bench.lab;

import dev.crema.cpu.conv.Direction;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A problem in one direction, and what every algorithm made of it.
 *
 * @param device what computed
 * @param threads of the CPU, if that is the device
 * @param flops operations of direct convolution, padding counted, a multiply-add being two
 * @param bytes of its three tensors
 * @param peak of the machine at that time; null when nothing was timed
 */
public record Layer(
    ConvProblem problem,
    Direction direction,
    DType dtype,
    Device device,
    int threads,
    double flops,
    long bytes,
    @Nullable Peak peak,
    List<Row> rows) {

  /**
   * The cherry-pick: the best that there is, and what automatic selection takes.
   *
   * @param ratio how many times longer the automatic choice takes
   */
  public record Pick(String best, String auto, double ratio) {}

  /** What to show people: the name, or the notation where there is none. */
  public String title() {
    return problem.name().isEmpty() ? problem.notation() : problem.name();
  }

  Layer with(List<Row> measured) {
    return new Layer(
        problem, direction, dtype, device, threads, flops, bytes, peak, List.copyOf(measured));
  }

  /** The command that repeats it. */
  public String command() {
    return "./crema conv --dir %s %s%s '%s'"
        .formatted(
            direction.label(),
            device.equals(Device.cpu()) ? "--threads " + threads : "--device " + device,
            dtype == DType.F32 ? "" : " --dtype " + dtype,
            problem);
  }

  /** Nothing unless several were timed, and the automatic choice among them. */
  public Optional<Pick> pick() {
    List<Row> timed = rows.stream().filter(row -> row.speed() != null).toList();
    Optional<Row> best = timed.stream().filter(Row::best).findFirst();
    Optional<Row> auto = timed.stream().filter(Row::auto).findFirst();
    if (timed.size() < 2 || best.isEmpty() || auto.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Pick(best.get().algorithm(), auto.get().algorithm(), ms(auto.get()) / ms(best.get())));
  }

  private static double ms(Row row) {
    Row.Speed speed = row.speed();
    return speed == null ? Double.NaN : speed.minMs();
  }

  /** Whether no result was wrong. */
  public boolean passed() {
    return rows.stream().noneMatch(row -> row.status() == Row.Status.FAILED);
  }
}
