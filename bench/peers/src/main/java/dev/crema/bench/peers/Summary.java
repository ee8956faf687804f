package dev.crema.bench.peers;

import dev.crema.bench.peers.Outcome.Entry;
import dev.crema.bench.peers.Workload.Group;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A peer's ratios over all rows of one group.
 *
 * @param rows how many have a ratio
 * @param mean the geometric means of the ratios' quartiles and medians
 * @param worst the least median
 * @param worstName its row
 */
record Summary(
    Group group, int threads, String peer, int rows, Spread mean, double worst, String worstName) {

  /** One for each group, number of threads and peer that has a ratio. */
  static List<Summary> of(List<Outcome> outcomes) {
    var sums = new LinkedHashMap<Key, Sum>();
    for (Outcome outcome : outcomes) {
      for (Entry entry : outcome.entries()) {
        if (entry.ratio() != null) {
          var key = new Key(outcome.workload().group(), outcome.threads(), entry.peer());
          sums.computeIfAbsent(key, _ -> new Sum()).add(entry.ratio(), outcome.workload().name());
        }
      }
    }
    var all = new ArrayList<Summary>();
    for (Map.Entry<Key, Sum> e : sums.entrySet()) {
      all.add(e.getValue().summary(e.getKey()));
    }
    return all;
  }

  private record Key(Group group, int threads, String peer) {}

  private static final class Sum {
    private double q1;
    private double median;
    private double q3;
    private double worst = Double.MAX_VALUE;
    private String worstName = "";
    private int rows;

    void add(Spread ratio, String name) {
      q1 += Math.log(ratio.q1());
      median += Math.log(ratio.median());
      q3 += Math.log(ratio.q3());
      rows++;
      if (ratio.median() < worst) {
        worst = ratio.median();
        worstName = name;
      }
    }

    Summary summary(Key key) {
      var mean = new Spread(Math.exp(q1 / rows), Math.exp(median / rows), Math.exp(q3 / rows));
      return new Summary(key.group(), key.threads(), key.peer(), rows, mean, worst, worstName);
    }
  }
}
