package dev.crema.cpu.index;

import dev.crema.tensor.DType;

/**
 * Moves or adds one row between dense offsets and the table, one loop per type: table[to + i·step +
 * offsets[oo + i]] and picked[po + i·ps].
 */
final class RowLoops {
  private RowLoops() {}

  /** picked = table. */
  static void gather(
      int[] offsets, int oo, Object table, int to, int step, Object picked, int po, int ps, int n) {
    switch (table) {
      case float[] from -> {
        float[] into = (float[]) picked;
        for (int i = 0; i < n; i++) {
          into[po + i * ps] = from[to + i * step + offsets[oo + i]];
        }
      }
      case double[] from -> {
        double[] into = (double[]) picked;
        for (int i = 0; i < n; i++) {
          into[po + i * ps] = from[to + i * step + offsets[oo + i]];
        }
      }
      case int[] from -> {
        int[] into = (int[]) picked;
        for (int i = 0; i < n; i++) {
          into[po + i * ps] = from[to + i * step + offsets[oo + i]];
        }
      }
      case long[] from -> {
        long[] into = (long[]) picked;
        for (int i = 0; i < n; i++) {
          into[po + i * ps] = from[to + i * step + offsets[oo + i]];
        }
      }
      default -> {
        byte[] from = (byte[]) table;
        byte[] into = (byte[]) picked;
        for (int i = 0; i < n; i++) {
          into[po + i * ps] = from[to + i * step + offsets[oo + i]];
        }
      }
    }
  }

  /** table += picked, in order; of bool, the logical or. */
  static void add(
      DType type,
      int[] offsets,
      int oo,
      Object picked,
      int po,
      int ps,
      Object table,
      int to,
      int step,
      int n) {
    switch (type) {
      case F32 -> {
        float[] from = (float[]) picked;
        float[] into = (float[]) table;
        for (int i = 0; i < n; i++) {
          into[to + i * step + offsets[oo + i]] += from[po + i * ps];
        }
      }
      case F64 -> {
        double[] from = (double[]) picked;
        double[] into = (double[]) table;
        for (int i = 0; i < n; i++) {
          into[to + i * step + offsets[oo + i]] += from[po + i * ps];
        }
      }
      case I32 -> {
        int[] from = (int[]) picked;
        int[] into = (int[]) table;
        for (int i = 0; i < n; i++) {
          into[to + i * step + offsets[oo + i]] += from[po + i * ps];
        }
      }
      case I64 -> {
        long[] from = (long[]) picked;
        long[] into = (long[]) table;
        for (int i = 0; i < n; i++) {
          into[to + i * step + offsets[oo + i]] += from[po + i * ps];
        }
      }
      case U8 -> {
        byte[] from = (byte[]) picked;
        byte[] into = (byte[]) table;
        for (int i = 0; i < n; i++) {
          into[to + i * step + offsets[oo + i]] += from[po + i * ps];
        }
      }
      case BOOL -> {
        byte[] from = (byte[]) picked;
        byte[] into = (byte[]) table;
        for (int i = 0; i < n; i++) {
          into[to + i * step + offsets[oo + i]] |= from[po + i * ps];
        }
      }
    }
  }
}
