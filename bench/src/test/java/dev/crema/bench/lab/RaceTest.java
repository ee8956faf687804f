package dev.crema.bench.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RaceTest {
  @Test
  void contenders_take_turns() {
    var order = new ArrayList<String>();
    Race.cold(40, () -> {})
        .run(
            List.of(
                () -> {
                  order.add("a");
                  spin(5);
                },
                () -> {
                  order.add("b");
                  spin(5);
                }));

    assertThat(order.size()).isGreaterThan(10);
    for (int i = 0; i < order.size(); i++) {
      assertThat(order.get(i)).isEqualTo(i % 2 == 0 ? "a" : "b");
    }
  }

  @Test
  void what_gets_faster_is_timed_once_it_does_no_more() {
    int[] calls = {0};
    Race.Times times =
        new Race(50)
            .run(List.of(() -> spin(Math.max(2, 40 * Math.pow(0.9, calls[0]++)))))
            .getFirst();

    assertThat(times.medianMs()).isBetween(2.0, 20.0);
    assertThat(times.minMs()).isBetween(2.0, times.medianMs());
    assertThat(times.settled()).isTrue();
  }

  @Test
  void calls_too_short_to_be_timed_alone_are_timed_together() {
    Race.Times times = new Race(20).run(List.of(() -> spin(0.01))).getFirst();

    assertThat(times.minMs()).isBetween(0.01, 0.1);
  }

  @Test
  void caches_are_emptied_before_each_single_call() {
    int[] calls = {0};
    int[] cooled = {0};
    Race.cold(
            30,
            () -> {
              assertThat(cooled[0]++).isEqualTo(calls[0]);
            })
        .run(List.of(() -> calls[0]++));

    assertThat(cooled[0]).isEqualTo(calls[0]).isPositive();
  }

  private static void spin(double ms) {
    long end = System.nanoTime() + (long) (ms * 1e6);
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
  }
}
