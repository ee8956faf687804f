package dev.crema.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.bench.peers.lib.Contender;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** On a clock that only contenders move. */
class RaceTest {
  private long nanos;
  private final List<String> calls = new ArrayList<>();

  private Contender taking(String name, double ms) {
    return new Contender() {
      @Override
      public void run() {
        nanos += (long) (ms * 1e6);
        calls.add(name);
      }

      @Override
      public List<float[]> compute() {
        return List.of();
      }

      @Override
      public void close() {}
    };
  }

  private List<double[]> race(Contender... contenders) throws InterruptedException {
    return new Race(200, 3, 1, () -> nanos).run(List.of(contenders));
  }

  @Test
  void everyRoundHasATimeOfEach() throws InterruptedException {
    List<double[]> times = race(taking("a", 4), taking("b", 10));

    assertThat(times.get(0)).hasSize(10).containsOnly(4);
    assertThat(times.get(1)).hasSize(10).containsOnly(10);
  }

  @Test
  void contendersTakeTurns() throws InterruptedException {
    race(taking("a", 80), taking("b", 100));

    assertThat(calls.subList(calls.size() - 6, calls.size()))
        .containsExactly("a", "b", "a", "b", "a", "b");
  }

  @Test
  void whoIsHopelessGetsFewRounds() throws InterruptedException {
    List<double[]> times = race(taking("a", 20), taking("b", 2_000));

    assertThat(times.get(0)).hasSize(10);
    assertThat(times.get(1)).hasSize(3).containsOnly(2_000);
  }
}
