package dev.crema.cpu.gemm;

import dev.crema.cpu.simd.Lanes;
import dev.crema.cpu.simd.Simd;
import dev.crema.cpu.simd.VectorCode;
import dev.crema.tensor.DType;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The {@link Tile}s, {@link Dots} and {@link Outer} products of this JVM: generated when first
 * asked for, plain where that is refused, scalar where kernels are.
 */
final class Tiles {
  /** Columns of the highest tile of dot products, and of the widest. */
  private static final int DOTS_COLUMNS = 4;

  private static final int MAX_DOTS_COLUMNS = 8;

  /** Vectors of the widest tile, of one row: as many sums as two FMA units of latency 4 need. */
  private static final int MAX_VECTORS = 8;

  private final DType dtype;

  /** Columns of a vector. */
  private final int lanes;

  private final int maxRows;
  private final int maxVectors;
  private final int maxDotsRows;
  private final AtomicReferenceArray<Tile> known;
  private final AtomicReferenceArray<Dots> knownDots;
  private final AtomicReferenceArray<Outer> knownOuter;

  /** The tiles of a dtype: 512-bit vectors come with thirty-two registers, others with sixteen. */
  Tiles(DType dtype) {
    this.dtype = dtype;
    this.lanes = !Simd.VECTOR ? 1 : dtype == DType.F32 ? Lanes.F_LENGTH : Lanes.D_LENGTH;
    this.maxRows = Simd.BITS == 512 ? 12 : 4;
    this.maxVectors = Simd.VECTOR ? 2 : 4;
    this.maxDotsRows = Simd.BITS == 512 ? 4 : 2;
    this.knownDots = new AtomicReferenceArray<>(maxDotsRows * MAX_DOTS_COLUMNS);
    this.knownOuter = new AtomicReferenceArray<>(maxRows * maxVectors);
    this.known = new AtomicReferenceArray<>(maxRows * MAX_VECTORS * 16);
  }

  /** Rows of the largest tile. */
  int maxRows() {
    return maxRows;
  }

  /** Columns of the largest tile. */
  int maxColumns() {
    return maxVectors * lanes;
  }

  /** Columns of the largest tile of so few rows, where b's rows lie anywhere. */
  int columns(int rows) {
    return Simd.VECTOR
        ? Math.clamp(MAX_VECTORS / rows, maxVectors, MAX_VECTORS) * lanes
        : maxColumns();
  }

  int lanes() {
    return lanes;
  }

  /**
   * The tile of so many rows, and columns that are a multiple of the lanes. Its a, and b unless it
   * is indexed, are panels of the largest tile.
   */
  Tile of(int rows, int columns, boolean indexed, boolean biased, boolean adds, boolean relu) {
    int vectors = columns / lanes;
    int i = (rows - 1) * MAX_VECTORS + vectors - 1;
    i = i * 16 + (indexed ? 8 : 0) + (biased ? 4 : 0) + (adds ? 2 : 0) + (relu ? 1 : 0);
    Tile tile = known.get(i);
    if (tile == null) {
      int ldb = indexed ? 0 : maxColumns();
      tile = create(new TileShape(dtype, rows, vectors, maxRows, ldb, biased, adds, relu));
      known.set(i, tile);
    }
    return tile;
  }

  /** Rows of the largest tile of dot products. */
  int maxDotsRows() {
    return maxDotsRows;
  }

  /**
   * Columns of the largest tile of dot products of so many rows: as many sums as registers are for,
   * and of few rows as many streams from memory as the hardware fetches ahead.
   */
  int dotsColumns(int rows) {
    return Math.min(MAX_DOTS_COLUMNS, maxDotsRows * DOTS_COLUMNS / rows);
  }

  /** The tile of so many rows' dot products with so many. */
  Dots dots(int rows, int columns) {
    int i = (rows - 1) * MAX_DOTS_COLUMNS + columns - 1;
    Dots dots = knownDots.get(i);
    if (dots == null) {
      dots = createDots(rows, columns);
      knownDots.set(i, dots);
    }
    return dots;
  }

  private Dots createDots(int rows, int columns) {
    if (Simd.VECTOR) {
      try {
        return DotsGenerator.generate(dtype, rows, columns);
      } catch (ReflectiveOperationException | LinkageError | IllegalArgumentException e) {
        VectorCode.refused(e);
      }
    }
    return dtype == DType.F32
        ? new FloatPlainDots(rows, columns, lanes)
        : new DoublePlainDots(rows, columns, lanes);
  }

  /** The tile of so many rows' outer products, of columns that are a multiple of the lanes. */
  Outer outer(int rows, int columns) {
    int i = (rows - 1) * maxVectors + columns / lanes - 1;
    Outer outer = knownOuter.get(i);
    if (outer == null) {
      outer = createOuter(rows, columns);
      knownOuter.set(i, outer);
    }
    return outer;
  }

  private Outer createOuter(int rows, int columns) {
    if (Simd.VECTOR) {
      try {
        return OuterGenerator.generate(dtype, rows, columns / lanes, maxColumns());
      } catch (ReflectiveOperationException | LinkageError | IllegalArgumentException e) {
        VectorCode.refused(e);
      }
    }
    return dtype == DType.F32
        ? new FloatPlainOuter(rows, columns, maxColumns())
        : new DoublePlainOuter(rows, columns, maxColumns());
  }

  private static Tile create(TileShape shape) {
    if (!Simd.VECTOR) {
      return shape.dtype() == DType.F32 ? new FloatScalarTile(shape) : new DoubleScalarTile(shape);
    }
    try {
      return TileGenerator.generate(shape);
    } catch (ReflectiveOperationException | LinkageError | IllegalArgumentException e) {
      VectorCode.refused(e);
      return shape.dtype() == DType.F32 ? new FloatPlainTile(shape) : new DoublePlainTile(shape);
    }
  }
}
