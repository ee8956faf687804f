package dev.crema.cpu.conv;

import java.util.Arrays;

/**
 * How the columns of a product's right operand, a task's output pixels, fall into runs: neighbours
 * in a panel that are neighbours in the source, too, and no longer than a vector. Three numbers
 * each: where a run is in the source, where in a panel's row, and its length.
 */
final class ColumnRuns {
  /** Numbers to a run. */
  static final int SIZE = 3;

  private final int width;
  private final int lanes;
  private int[] runs = new int[64 * SIZE];
  private int[] panels = new int[16];
  private int used;
  private int column;
  private int reach;

  /**
   * @param width of a panel
   * @param lanes of a vector
   */
  ColumnRuns(int width, int lanes) {
    this.width = width;
    this.lanes = lanes;
  }

  /** Starts anew. */
  void clear() {
    used = 0;
    column = 0;
    reach = 0;
    panels[0] = 0;
  }

  /** Appends {@code n} columns that lie side by side from {@code from} on. */
  void add(int from, int n) {
    reach = Math.max(reach, from + n);
    for (int i = 0; i < n; ) {
      int place = column % width;
      int length = Math.min(Math.min(n - i, lanes), width - place);
      if (used + SIZE > runs.length) {
        runs = Arrays.copyOf(runs, 2 * runs.length);
      }
      runs[used++] = from + i;
      runs[used++] = place;
      runs[used++] = length;
      i += length;
      column += length;
      endPanel(Math.ceilDiv(column, width));
    }
  }

  private void endPanel(int panel) {
    if (panel == panels.length) {
      panels = Arrays.copyOf(panels, 2 * panels.length);
    }
    panels[panel] = used;
  }

  /** All runs' numbers. */
  int[] numbers() {
    return runs;
  }

  /** Where in the source the last run ends. */
  int reach() {
    return reach;
  }

  /** How many panels there are. */
  int panels() {
    return Math.ceilDiv(column, width);
  }

  /** Where a panel's numbers start; they end where those of the next do. */
  int first(int panel) {
    return panels[panel];
  }
}
