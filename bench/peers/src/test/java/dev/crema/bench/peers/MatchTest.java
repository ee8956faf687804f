package dev.crema.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.bench.peers.Outcome.Entry;
import dev.crema.bench.peers.Outcome.Status;
import dev.crema.bench.peers.Workload.Group;
import dev.crema.bench.peers.lib.Contender;
import dev.crema.bench.peers.lib.Peer;
import dev.crema.bench.peers.task.GemmTask;
import dev.crema.bench.peers.task.Task;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MatchTest {
  private static final Workload ROW =
      new Workload(Group.GEMM, "tiny", 2, 0, () -> GemmTask.of(1, 1, 1));

  private final List<String> closed = new ArrayList<>();

  @Test
  void onlyEqualResultsAreTimed() throws InterruptedException {
    Outcome outcome =
        play(
            peer("first", 1),
            peer("same", 1),
            peer("other", 2),
            peer("broken", Float.POSITIVE_INFINITY),
            peer("none", Float.NaN));

    assertThat(outcome.entries())
        .extracting(Entry::status)
        .containsExactly(Status.OK, Status.OK, Status.DIFFERS, Status.FAILED, Status.ABSENT);
    assertThat(outcome.entries().get(1).ratio()).isNotNull();
    assertThat(outcome.entries().get(2).ms()).isNull();
    assertThat(outcome.entries().get(3).note()).isEqualTo("out of luck");
    assertThat(outcome.equal()).isFalse();
    assertThat(closed).containsExactly("first", "same", "other", "broken");
  }

  private static Outcome play(Peer... peers) throws InterruptedException {
    return Match.play(ROW, 1, List.of(peers), new Race(20, 1, 1, System::nanoTime));
  }

  /** Its result is this number; infinity fails, not a number has no such thing. */
  private Peer peer(String name, float result) {
    return new Peer() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public String details() {
        return "";
      }

      @Override
      public void setThreads(int threads) {}

      @Override
      public @Nullable Contender contender(Task task) {
        return Float.isNaN(result) ? null : giving(name, result);
      }
    };
  }

  private Contender giving(String name, float result) {
    return new Contender() {
      @Override
      public void run() {
        Thread.onSpinWait();
      }

      @Override
      public List<float[]> compute() {
        if (Float.isInfinite(result)) {
          throw new IllegalStateException("out of luck\nsecond line");
        }
        return List.of(new float[] {result});
      }

      @Override
      public void close() {
        closed.add(name);
      }
    };
  }
}
