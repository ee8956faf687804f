package dev.crema.cuda.cudnn;

import dev.crema.backend.ChannelPlan;
import dev.crema.backend.Conv2dPlan;
import dev.crema.backend.PointwisePlan;
import dev.crema.backend.View;
import dev.crema.cuda.CudaBuffer;
import dev.crema.cuda.Scratch;
import dev.crema.cuda.cudnn.Algorithms.Algorithm;
import dev.crema.cuda.driver.CudaDevice;
import dev.crema.cuda.driver.Natives;
import dev.crema.cuda.kernel.Cast;
import dev.crema.tensor.Activation;
import dev.crema.tensor.Layout;
import dev.crema.tensor.MemoryFormat;
import java.lang.System.Logger.Level;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import jcuda.jcudnn.JCudnn;
import org.jspecify.annotations.Nullable;

/**
 * The three directions of a convolution: by cuDNN, or by {@link Im2colConvolution} where there is
 * no cuDNN or it has no algorithm for the plan, which the log says. cuDNN pads alike on opposite
 * sides; for other padding the image is padded first, where that does not make it too large.
 * Channels-last goes by cuDNN, or else by row-major copies.
 */
public final class Convolution {
  private static final System.Logger LOG = System.getLogger("dev.crema.cuda");
  private static final Set<String> SAID = ConcurrentHashMap.newKeySet();

  private Convolution() {}

  /** cuDNN's version, such as 9.14.0; only where there is one. */
  public static String dnnVersion() {
    long version = JCudnn.cudnnGetVersion();
    return "%s.%s.%s".formatted(version / 10000, version / 100 % 100, version % 100);
  }

  /** The results of a convolution, whose channels have each their bias. */
  public static ChannelPlan channels(Conv2dPlan p) {
    return new ChannelPlan(p.dtype(), p.n(), p.oc(), p.oh() * p.ow()).in(p.format());
  }

  /** y = activation(x ⋆ w + bias) in one call of cuDNN; whether that could be. */
  public static boolean forwardFused(
      CudaDevice d,
      Conv2dPlan p,
      View x,
      View w,
      @Nullable View bias,
      Activation activation,
      View y) {
    if (bias == null || isEmpty(p) || !isEven(p) || Natives.get().dnnFault() != null) {
      return false;
    }
    Dnn dnn = Dnn.of(d);
    synchronized (dnn) {
      DnnConvolution convolution = dnn.convolution(p);
      Algorithm algorithm = convolution.algorithms(Direction.FORWARD).best();
      return algorithm != null
          && DnnFused.mayRun(algorithm, activation)
          && convolution
              .fused(p, activation)
              .run(
                  algorithm,
                  CudaBuffer.address(x),
                  CudaBuffer.address(w),
                  CudaBuffer.address(bias),
                  CudaBuffer.address(y));
    }
  }

  /** y = x ⋆ w. */
  public static void forward(CudaDevice d, Conv2dPlan p, View x, View w, View y) {
    if (isEmpty(p)) {
      zero(d, y);
    } else if (p.format() == MemoryFormat.CHANNELS_LAST) {
      channelsLast(d, p, Direction.FORWARD, x, w, y);
    } else if (!isPaddedFirst(p)) {
      if (!byDnn(d, p, Direction.FORWARD, x, w, y)) {
        Im2colConvolution.forward(d, p, x, w, y);
      }
    } else {
      Conv2dPlan around = padded(p);
      try (Scratch wide = paddedCopy(d, p, around, x)) {
        forward(d, around, wide.view(), w, y);
      }
    }
  }

  /** gx = the gradient for x. */
  public static void backwardInput(CudaDevice d, Conv2dPlan p, View gy, View w, View gx) {
    if (isEmpty(p)) {
      zero(d, gx);
    } else if (p.format() == MemoryFormat.CHANNELS_LAST) {
      channelsLast(d, p, Direction.BACKWARD_INPUT, gy, w, gx);
    } else if (!isPaddedFirst(p)) {
      if (!byDnn(d, p, Direction.BACKWARD_INPUT, gy, w, gx)) {
        Im2colConvolution.backwardInput(d, p, gy, w, gx);
      }
    } else {
      Conv2dPlan around = padded(p);
      try (Scratch wide = new Scratch(d, p.dtype(), around.xShape())) {
        backwardInput(d, around, gy, w, wide.view());
        View inside = inside(p, wide.view());
        Cast.copy(d, PointwisePlan.of(image(p, gx), inside), inside, gx);
      }
    }
  }

  /** gw = the gradient for w. */
  public static void backwardWeight(CudaDevice d, Conv2dPlan p, View x, View gy, View gw) {
    if (isEmpty(p)) {
      zero(d, gw);
    } else if (p.format() == MemoryFormat.CHANNELS_LAST) {
      channelsLast(d, p, Direction.BACKWARD_WEIGHT, x, gy, gw);
    } else if (!isPaddedFirst(p)) {
      if (!byDnn(d, p, Direction.BACKWARD_WEIGHT, x, gy, gw)) {
        Im2colConvolution.backwardWeight(d, p, x, gy, gw);
      }
    } else {
      Conv2dPlan around = padded(p);
      try (Scratch wide = paddedCopy(d, p, around, x)) {
        backwardWeight(d, around, wide.view(), gy, gw);
      }
    }
  }

  /** Whether cuDNN did it. */
  private static boolean byDnn(
      CudaDevice d, Conv2dPlan p, Direction direction, View a, View b, View c) {
    String fault = Natives.get().dnnFault();
    if (fault != null) {
      say("convolutions go by im2col and cuBLAS: " + fault);
      return false;
    }
    if (!isEven(p)) {
      say(
          "%s goes by im2col and cuBLAS: cuDNN pads alike on opposite sides, and with its padding the image of %s has more than 2^31 - 1 elements"
              .formatted(direction, p));
      return false;
    }
    boolean ran = ran(d, p, direction, a, b, c);
    if (!ran) {
      say(
          "%s goes by im2col and cuBLAS: cuDNN has no deterministic algorithm for %s"
              .formatted(direction, p));
    }
    return ran;
  }

  /** Whether cuDNN, which is there, has an algorithm for it that ran. */
  private static boolean ran(
      CudaDevice d, Conv2dPlan p, Direction direction, View a, View b, View c) {
    Dnn dnn = Dnn.of(d);
    synchronized (dnn) {
      long[] from = {CudaBuffer.address(a), CudaBuffer.address(b)};
      return dnn.convolution(p).run(direction, from, CudaBuffer.address(c));
    }
  }

  private static void channelsLast(
      CudaDevice d, Conv2dPlan p, Direction direction, View a, View b, View c) {
    boolean asked = isEven(p) && Natives.get().dnnFault() == null;
    if (asked && ran(d, p, direction, a, b, c)) {
      return;
    }
    if (asked) {
      say(
          "%s goes by row-major copies: cuDNN has no deterministic algorithm for %s"
              .formatted(direction, p));
    }
    Conv2dPlan plan = p.in(MemoryFormat.CONTIGUOUS);
    try (Scratch first = Scratch.copyOf(d, a);
        Scratch second = Scratch.copyOf(d, b);
        Scratch result = new Scratch(d, p.dtype(), c.shape())) {
      switch (direction) {
        case FORWARD -> forward(d, plan, first.view(), second.view(), result.view());
        case BACKWARD_INPUT -> backwardInput(d, plan, first.view(), second.view(), result.view());
        case BACKWARD_WEIGHT -> backwardWeight(d, plan, first.view(), second.view(), result.view());
      }
      Cast.copy(d, PointwisePlan.of(c, result.view()), result.view(), c);
    }
  }

  private static void say(String message) {
    if (SAID.add(message)) {
      LOG.log(Level.INFO, message);
    }
  }

  private static void zero(CudaDevice d, View y) {
    d.fill(CudaBuffer.address(y), 0, y.numel() * y.dtype().bytes());
  }

  /** Whether no factor meets another: sums of nothing. */
  private static boolean isEmpty(Conv2dPlan p) {
    return p.flops() == 0 || p.ih() == 0 || p.iw() == 0;
  }

  // ---- uneven padding ----

  static boolean isEven(Conv2dPlan p) {
    return p.pt() == p.pb() && p.pl() == p.pr();
  }

  private static boolean isPaddedFirst(Conv2dPlan p) {
    double rows = (double) p.ih() + p.pt() + p.pb();
    double columns = (double) p.iw() + p.pl() + p.pr();
    return !isEven(p)
        && Natives.get().dnnFault() == null
        && p.n() * p.ic() * rows * columns <= Integer.MAX_VALUE;
  }

  /** The same convolution of an image that has its padding already. */
  private static Conv2dPlan padded(Conv2dPlan p) {
    return new Conv2dPlan(
        p.dtype(),
        p.n(),
        p.ic(),
        p.ih() + p.pt() + p.pb(),
        p.iw() + p.pl() + p.pr(),
        p.oc(),
        p.oh(),
        p.ow(),
        p.kh(),
        p.kw(),
        p.sh(),
        p.sw(),
        0,
        0,
        0,
        0,
        p.dh(),
        p.dw(),
        p.groups());
  }

  private static Scratch paddedCopy(CudaDevice d, Conv2dPlan p, Conv2dPlan around, View x) {
    View image = image(p, x);
    return new Scratch(d, p.dtype(), around.xShape())
        .filled(
            wide -> {
              zero(d, wide);
              View inside = inside(p, wide);
              Cast.copy(d, PointwisePlan.of(inside, image), image, inside);
            });
  }

  /** x, or gx, as the plan has it: one image alone may come with three dimensions. */
  private static View image(Conv2dPlan p, View x) {
    var strides = p.xShape().contiguousStrides();
    return new View(x.buffer(), Layout.of(p.xShape(), strides, x.offset()));
  }

  /** What of a padded image is the image. */
  private static View inside(Conv2dPlan p, View wide) {
    var rows = wide.layout().slice(2, p.pt(), p.pt() + p.ih(), 1);
    return new View(wide.buffer(), rows.slice(3, p.pl(), p.pl() + p.iw(), 1));
  }
}
