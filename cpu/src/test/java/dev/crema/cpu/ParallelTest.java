package dev.crema.cpu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class ParallelTest {
  private final int threads = Parallel.numThreads();

  @AfterEach
  void restoreThreads() {
    Parallel.setNumThreads(threads);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void everyItemRunsOnce(int threads) {
    Parallel.setNumThreads(threads);
    for (int n : new int[] {0, 1, 7, 100, 1001}) {
      for (int grain : new int[] {1, 3, 1000, Integer.MAX_VALUE}) {
        AtomicIntegerArray runs = new AtomicIntegerArray(n);
        Parallel.range(
            n,
            grain,
            (from, to) -> {
              for (int i = from; i < to; i++) {
                runs.incrementAndGet(i);
              }
            });
        for (int i = 0; i < n; i++) {
          assertThat(runs.get(i)).as("item %d of %d, grain %d", i, n, grain).isEqualTo(1);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void theCutDoesNotDependOnTheThreads(int threads) {
    Parallel.setNumThreads(threads);
    Set<String> chunks = ConcurrentHashMap.newKeySet();
    Parallel.range(10, 4, (from, to) -> chunks.add(from + "-" + to));
    assertThat(chunks).containsExactlyInAnyOrder("0-4", "4-8", "8-10");
  }

  @Test
  void itemCountsNearTheLargestIntDoNotOverflow() {
    AtomicInteger chunks = new AtomicInteger();
    Parallel.range(Integer.MAX_VALUE, 1 << 30, (from, to) -> chunks.incrementAndGet());
    assertThat(chunks).hasValue(2);
  }

  @Test
  void severalThreadsHelp() {
    Parallel.setNumThreads(3);
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    CountDownLatch all = new CountDownLatch(3);
    Parallel.range(
        3,
        1,
        (_, _) -> {
          seen.add(Thread.currentThread());
          all.countDown();
          await(all);
        });
    assertThat(seen).hasSize(3).contains(Thread.currentThread());
  }

  @Test
  void aLoopInsideALoopRunsOnItsOwnThread() {
    Parallel.setNumThreads(4);
    AtomicInteger strangers = new AtomicInteger();
    AtomicInteger items = new AtomicInteger();
    Parallel.range(
        8,
        1,
        (_, _) -> {
          Thread outer = Thread.currentThread();
          assertThat(Parallel.idleThreads()).isEqualTo(1);
          Parallel.range(
              100,
              1,
              (_, _) -> {
                items.incrementAndGet();
                if (Thread.currentThread() != outer) {
                  strangers.incrementAndGet();
                }
              });
        });
    assertThat(items).hasValue(800);
    assertThat(strangers).hasValue(0);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void theFirstFailingChunkInOrderIsReportedAndThoseBeforeItHaveRun(int threads) {
    Parallel.setNumThreads(threads);
    AtomicInteger runs = new AtomicInteger();
    for (int attempt = 0; attempt < 200; attempt++) {
      runs.set(0);
      assertThatThrownBy(
              () ->
                  Parallel.range(
                      16,
                      1,
                      (from, _) -> {
                        if (from < 5) {
                          runs.incrementAndGet();
                        } else {
                          throw new IllegalArgumentException("chunk " + from);
                        }
                      }))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("chunk 5");
      assertThat(runs).hasValue(5);
    }
  }

  @Test
  void workersSurviveAnError() {
    Parallel.setNumThreads(2);
    assertThatThrownBy(
            () ->
                Parallel.range(
                    4,
                    1,
                    (_, _) -> {
                      throw new StackOverflowError("deep");
                    }))
        .isInstanceOf(StackOverflowError.class);
    severalThreadsCallAtOnce();
  }

  @Test
  void severalThreadsCallAtOnce() {
    Parallel.setNumThreads(3);
    ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> callers = new ArrayList<>();
    for (int t = 0; t < 4; t++) {
      callers.add(
          Thread.ofPlatform()
              .uncaughtExceptionHandler((_, e) -> failures.add(e))
              .start(
                  () -> {
                    for (int i = 0; i < 2000; i++) {
                      int[] squares = new int[64];
                      Parallel.range(
                          64,
                          8,
                          (from, to) -> {
                            for (int j = from; j < to; j++) {
                              squares[j] = j * j;
                            }
                          });
                      for (int j = 0; j < 64; j++) {
                        assertThat(squares[j]).isEqualTo(j * j);
                      }
                    }
                  }));
    }
    callers.forEach(ParallelTest::join);
    assertThat(failures).isEmpty();
  }

  @Test
  void threadsCanBeSetWhileLoopsRun() {
    Thread setter =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < 200; i++) {
                    Parallel.setNumThreads(1 + i % 4);
                  }
                });
    AtomicInteger items = new AtomicInteger();
    for (int i = 0; i < 2000; i++) {
      Parallel.range(16, 1, (from, to) -> items.addAndGet(to - from));
    }
    join(setter);
    assertThat(items).hasValue(32_000);
  }

  @Test
  void parkedWorkersWakeUp() throws InterruptedException {
    Parallel.setNumThreads(2);
    for (int i = 0; i < 5; i++) {
      Thread.sleep(5);
      severalOf(2);
    }
  }

  @Test
  void aThreadCountBelowOneIsRefused() {
    assertThatThrownBy(() -> Parallel.setNumThreads(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("setNumThreads: expected at least 1, got 0");
  }

  @Test
  void grainsShrinkWithTheWorkPerItem() {
    assertThat(Parallel.grain(1)).isEqualTo(16_384);
    assertThat(Parallel.grain(1000)).isEqualTo(16);
    assertThat(Parallel.grain(Long.MAX_VALUE)).isEqualTo(1);
    assertThat(Parallel.grain(0)).isEqualTo(16_384);
  }

  private static void severalOf(int threads) {
    CountDownLatch all = new CountDownLatch(threads);
    Parallel.range(
        threads,
        1,
        (_, _) -> {
          all.countDown();
          await(all);
        });
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void join(Thread thread) {
    try {
      assertThat(thread.join(Duration.ofSeconds(50))).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
