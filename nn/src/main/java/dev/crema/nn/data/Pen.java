package dev.crema.nn.data;

import dev.crema.tensor.Generator;
import java.util.Arrays;
import java.util.List;

/**
 * Draws one handwritten digit: jittered control points, a Catmull–Rom curve through them, a
 * writer's slant and proportions, a smooth warp, and ink of a varying width. As in MNIST, the digit
 * is scaled to a box of about 20 pixels and its centre of mass put in the middle of 28x28.
 *
 * <p>Every number comes from the generator and is computed without platform-dependent functions, so
 * a seed gives the same bytes everywhere.
 */
final class Pen {
  static final int SIZE = 28;

  /** More than the widest ink reaches, so that the outermost pixels stay empty. */
  private static final double MARGIN = 3.5;

  private static final int STEPS = 5;
  private static final int MAX_POINTS = 256;

  private final Generator random;
  private final double[] x = new double[MAX_POINTS];
  private final double[] y = new double[MAX_POINTS];

  /** Whether the pen was up between the point before and this one. */
  private final boolean[] lifted = new boolean[MAX_POINTS];

  private int points;

  Pen(Generator random) {
    this.random = random;
  }

  /** Draws a digit into {@code pixels[offset ..]}, which are 0. */
  void draw(int digit, byte[] pixels, int offset) {
    List<List<StrokeModels.Stroke>> variants = StrokeModels.of(digit);
    points = 0;
    double jitter = uniform(1.5, 4.5);
    for (StrokeModels.Stroke stroke : variants.get(random.nextInt(variants.size()))) {
      trace(stroke, jitter);
    }
    applyStyle();
    warp();
    fit();
    ink(pixels, offset);
  }

  private double uniform(double from, double to) {
    return from + (to - from) * random.nextDouble();
  }

  /** Bell-shaped around 0 with this standard deviation, never beyond 3.5 of it (Irwin–Hall). */
  private double bell(double deviation) {
    double sum = 0;
    for (int i = 0; i < 4; i++) {
      sum += random.nextDouble();
    }
    return (sum - 2) * 1.7320508075688772 * deviation;
  }

  /** Adds the curve through a stroke's control points, each moved a little, in units of [−1, 1]. */
  private void trace(StrokeModels.Stroke stroke, double jitter) {
    int n = stroke.points();
    double[] cx = new double[n];
    double[] cy = new double[n];
    for (int i = 0; i < n; i++) {
      cx[i] = (stroke.x()[i] + bell(jitter) - 50) / 50;
      cy[i] = (stroke.y()[i] + bell(jitter) - 50) / 50;
    }
    add(cx[0], cy[0], true);
    for (int i = 0; i + 1 < n; i++) {
      int before = i == 0 || stroke.sharp()[i] ? i : i - 1;
      int after = i + 2 == n || stroke.sharp()[i + 1] ? i + 1 : i + 2;
      for (int s = 1; s <= STEPS; s++) {
        double t = (double) s / STEPS;
        add(
            catmullRom(cx[before], cx[i], cx[i + 1], cx[after], t),
            catmullRom(cy[before], cy[i], cy[i + 1], cy[after], t),
            false);
      }
    }
  }

  private void add(double px, double py, boolean penUp) {
    x[points] = px;
    y[points] = py;
    lifted[points++] = penUp;
  }

  private static double catmullRom(double p0, double p1, double p2, double p3, double t) {
    double a = 2 * p1;
    double b = p2 - p0;
    double c = 2 * p0 - 5 * p1 + 4 * p2 - p3;
    double d = 3 * (p1 - p2) + p3 - p0;
    return 0.5 * (a + t * (b + t * (c + t * d)));
  }

  /** The writer's hand: proportions, slant, and a tilt of the whole line. */
  private void applyStyle() {
    double aspect = uniform(0.6, 1.15);
    double slant = 0.18 + bell(0.2);
    double angle = bell(0.1);
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    for (int i = 0; i < points; i++) {
      double slanted = aspect * x[i] - slant * y[i];
      x[i] = cos * slanted - sin * y[i];
      y[i] = sin * slanted + cos * y[i];
    }
  }

  /** An elastic displacement: two long waves per axis, with random directions and phases. */
  private void warp() {
    for (int wave = 0; wave < 4; wave++) {
      double kx = bell(2);
      double ky = bell(2);
      double phase = uniform(0, 2 * StrictMath.PI);
      double amplitude = bell(0.08);
      for (int i = 0; i < points; i++) {
        double shift = amplitude * StrictMath.sin(kx * x[i] + ky * y[i] + phase);
        if (wave % 2 == 0) {
          x[i] += shift;
        } else {
          y[i] += shift;
        }
      }
    }
  }

  /** Scales the digit to its box and moves its centre of mass to the middle of the image. */
  private void fit() {
    double left = Arrays.stream(x, 0, points).min().orElseThrow();
    double right = Arrays.stream(x, 0, points).max().orElseThrow();
    double top = Arrays.stream(y, 0, points).min().orElseThrow();
    double bottom = Arrays.stream(y, 0, points).max().orElseThrow();
    double scale = uniform(16.5, 19) / Math.max(right - left, bottom - top);
    double mass = 0;
    double mx = 0;
    double my = 0;
    for (int i = 1; i < points; i++) {
      if (!lifted[i]) {
        double length = Math.sqrt(square(x[i] - x[i - 1]) + square(y[i] - y[i - 1]));
        mass += length;
        mx += length * (x[i] + x[i - 1]) / 2;
        my += length * (y[i] + y[i - 1]) / 2;
      }
    }
    double dx = place(SIZE / 2.0 + bell(0.6) - scale * mx / mass, scale * left, scale * right);
    double dy = place(SIZE / 2.0 + bell(0.6) - scale * my / mass, scale * top, scale * bottom);
    for (int i = 0; i < points; i++) {
      x[i] = scale * x[i] + dx;
      y[i] = scale * y[i] + dy;
    }
  }

  /** The shift nearest to {@code shift} that keeps from .. to, and its ink, inside the image. */
  private static double place(double shift, double from, double to) {
    return Math.clamp(shift, MARGIN - from, SIZE - MARGIN - to);
  }

  private static double square(double v) {
    return v * v;
  }

  /** Every pixel takes the darkest ink of all segments, by its distance to them. */
  private void ink(byte[] pixels, int offset) {
    double width = uniform(0.75, 1.7);
    double blur = uniform(0.9, 1.4);
    double pressure = uniform(0, 0.3);
    double rhythm = uniform(0.1, 0.8);
    double phase = uniform(0, 6);
    for (int i = 1; i < points; i++) {
      if (!lifted[i]) {
        double radius = width * (1 + pressure * StrictMath.sin(rhythm * i + phase));
        segment(i, radius, blur, pixels, offset);
      }
    }
    double texture = uniform(0, 0.1);
    for (int i = 0; i < SIZE * SIZE; i++) {
      int value = pixels[offset + i] & 0xFF;
      if (value > 0) {
        pixels[offset + i] = (byte) (int) (value * (1 - texture * random.nextDouble()));
      }
    }
  }

  private void segment(int i, double radius, double blur, byte[] pixels, int offset) {
    double ax = x[i - 1];
    double ay = y[i - 1];
    double ux = x[i] - ax;
    double uy = y[i] - ay;
    double lengthSquared = Math.max(1e-12, ux * ux + uy * uy);
    double reach = radius + blur / 2;
    int x0 = Math.max(0, (int) (Math.min(ax, x[i]) - reach));
    int x1 = Math.min(SIZE - 1, (int) (Math.max(ax, x[i]) + reach));
    int y0 = Math.max(0, (int) (Math.min(ay, y[i]) - reach));
    int y1 = Math.min(SIZE - 1, (int) (Math.max(ay, y[i]) + reach));
    for (int py = y0; py <= y1; py++) {
      for (int px = x0; px <= x1; px++) {
        double vx = px + 0.5 - ax;
        double vy = py + 0.5 - ay;
        double t = Math.clamp((vx * ux + vy * uy) / lengthSquared, 0.0, 1.0);
        double distance = Math.sqrt(square(vx - t * ux) + square(vy - t * uy));
        int value = (int) (255 * Math.clamp((reach - distance) / blur, 0.0, 1.0));
        int at = offset + py * SIZE + px;
        if (value > (pixels[at] & 0xFF)) {
          pixels[at] = (byte) value;
        }
      }
    }
  }
}
