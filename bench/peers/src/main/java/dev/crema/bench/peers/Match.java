package dev.crema.bench.peers;

import dev.crema.bench.peers.Outcome.Entry;
import dev.crema.bench.peers.Outcome.Status;
import dev.crema.bench.peers.lib.Contender;
import dev.crema.bench.peers.lib.Peer;
import dev.crema.bench.peers.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One workload: who has it, whose result is right, who is how fast. */
final class Match {
  private final Workload workload;
  private final int threads;
  private final List<Seat> seats = new ArrayList<>();

  /** A contender, while it is in the race. */
  private static final class Seat {
    final String peer;
    private @Nullable Contender contender;
    private Status status = Status.OK;
    private String fault = "";

    Seat(String peer) {
      this.peer = peer;
    }

    boolean in() {
      return contender != null && status == Status.OK;
    }

    Contender contender() {
      return Objects.requireNonNull(contender);
    }

    /** Something that may fail: who fails is out. */
    void attempt(Runnable action) {
      try {
        action.run();
      } catch (RuntimeException e) {
        out(Status.FAILED, String.valueOf(e.getMessage()).lines().findFirst().orElse("?"));
      }
    }

    void sit(Peer peer, Task task) {
      contender = peer.contender(task);
      status = contender == null ? Status.ABSENT : Status.OK;
    }

    void check(List<float[]> expected, double tolerance) {
      String difference = Equality.difference(expected, contender().compute(), tolerance);
      if (!difference.isEmpty()) {
        out(Status.DIFFERS, difference);
      }
    }

    private void out(Status why, String words) {
      status = why;
      fault = words;
    }

    Entry entry(@Nullable Spread ms, @Nullable Spread ratio) {
      return new Entry(peer, status, fault, ms, ratio);
    }

    void close() {
      if (contender != null) {
        contender.close();
      }
    }
  }

  private Match(Workload workload, int threads) {
    this.workload = workload;
    this.threads = threads;
  }

  /**
   * Plays it.
   *
   * @param peers the first is the one that others are compared to
   */
  static Outcome play(Workload workload, int threads, List<Peer> peers, Race race)
      throws InterruptedException {
    var match = new Match(workload, threads);
    try {
      match.gather(peers);
      return match.outcome(race.run(match.contenders()));
    } finally {
      match.seats.forEach(Seat::close);
    }
  }

  /** All who have it; out is whose results are not the first one's. */
  private void gather(List<Peer> peers) {
    Task task = workload.task().get();
    for (Peer peer : peers) {
      var seat = new Seat(peer.name());
      seats.add(seat);
      peer.setThreads(threads);
      if (seats.size() == 1) {
        seat.sit(peer, task); // without the first there is nothing to compare with
      } else {
        seat.attempt(() -> seat.sit(peer, task));
      }
    }
    for (int round = 0; round < task.rounds(); round++) {
      List<float[]> expected = seats.getFirst().contender().compute();
      for (Seat seat : seats.subList(1, seats.size())) {
        if (seat.in()) {
          seat.attempt(() -> seat.check(expected, task.tolerance()));
        }
      }
    }
  }

  private List<Contender> contenders() {
    return seats.stream().filter(Seat::in).map(Seat::contender).toList();
  }

  private Outcome outcome(List<double[]> times) {
    var entries = new ArrayList<Entry>();
    var next = times.iterator();
    for (Seat seat : seats) {
      if (seat.in()) {
        double[] ms = next.next();
        Spread ratio = seat == seats.getFirst() ? null : ratio(ms, times.getFirst());
        entries.add(seat.entry(Spread.of(ms), ratio));
      } else {
        entries.add(seat.entry(null, null));
      }
    }
    return new Outcome(workload, threads, entries);
  }

  private static Spread ratio(double[] peer, double[] first) {
    double[] ratios = new double[peer.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = peer[i] / first[i];
    }
    return Spread.of(ratios);
  }
}
