package dev.crema.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.crema.bench.peers.Outcome.Entry;
import dev.crema.bench.peers.Outcome.Status;
import dev.crema.bench.peers.Workload.Group;
import dev.crema.bench.peers.task.GemmTask;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {

  @Test
  void quartilesLieBetweenNumbersInProportion() {
    assertThat(Spread.of(new double[] {4, 1, 3, 2})).isEqualTo(new Spread(1.75, 2.5, 3.25));
    assertThat(Spread.of(new double[] {7})).isEqualTo(new Spread(7, 7, 7));
  }

  @Test
  void meansAreGeometric() {
    List<Summary> all =
        Summary.of(List.of(row("slow", new Spread(1, 2, 3)), row("fast", new Spread(4, 8, 12))));

    assertThat(all).hasSize(1);
    Summary s = all.getFirst();
    assertThat(s.peer()).isEqualTo("peer");
    assertThat(s.rows()).isEqualTo(2);
    assertThat(s.mean().q1()).isCloseTo(2, within(1e-12));
    assertThat(s.mean().median()).isCloseTo(4, within(1e-12));
    assertThat(s.mean().q3()).isCloseTo(6, within(1e-12));
    assertThat(s.worst()).isEqualTo(2);
    assertThat(s.worstName()).isEqualTo("slow");
  }

  private static Outcome row(String name, Spread ratio) {
    var workload = new Workload(Group.GEMM, name, 2, 0, () -> GemmTask.of(1, 1, 1));
    var ms = new Spread(1, 1, 1);
    return new Outcome(
        workload,
        1,
        List.of(
            new Entry("Crema", Status.OK, "", ms, null),
            new Entry("peer", Status.OK, "", ms, ratio)));
  }
}
