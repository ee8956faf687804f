package dev.crema.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.crema.bench.peers.Workload.Group;
import java.util.List;
import org.junit.jupiter.api.Test;

class SuiteTest {

  private static List<String> names(Group group) {
    return Suite.full().stream().filter(w -> w.group() == group).map(Workload::name).toList();
  }

  @Test
  void hasTwoSquaresAndTenLayersAsProducts() {
    assertThat(names(Group.GEMM))
        .hasSize(12)
        .contains("2048x2048x2048", "resnet50:conv1 64x12544x147");
  }

  @Test
  void hasEveryLayerOfThreeNetsAtTwoBatches() {
    int layers = 5 + 9 + 23;
    assertThat(names(Group.CONV_FORWARD))
        .hasSize(2 * layers)
        .contains("vgg16:conv1_1 mb8", "vgg16:conv1_1 mb32");
    assertThat(names(Group.CONV_BACKWARD)).isEqualTo(names(Group.CONV_FORWARD));
  }

  @Test
  void quickHasSomeOfEach() {
    assertThat(Suite.quick().stream().map(Workload::group).distinct())
        .containsExactly(Group.values());
  }
}
