package dev.crema.bench.lab;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One line in the notation that {@link ConvProblem} describes, taken apart. */
final class Notation {
  private static final Pattern PART = Pattern.compile("([a-z]+)(\\d*)");
  private static final Set<String> NAMES =
      Set.of(
          "g", "mb", "ic", "oc", "ih", "iw", "oh", "ow", "kh", "kw", "sh", "sw", "ph", "pw", "dh",
          "dw");
  private static final Set<String> VOLUMES = Set.of("id", "od", "kd", "sd", "pd", "dd");
  private static final Set<String> FROM_ZERO = Set.of("ph", "pw", "dh", "dw");

  /** A number and where its part begins. */
  private record Part(int value, int at) {}

  private final String line;
  private final Map<String, Part> parts = new HashMap<>();
  private String name = "";

  Notation(String line) {
    this.line = line;
    read();
  }

  private void read() {
    Matcher matcher = PART.matcher(line);
    int at = 0;
    while (at < line.length()) {
      if (line.charAt(at) == '_') {
        at++;
      } else if (line.charAt(at) == 'n') {
        name = name(at + 1);
        return;
      } else {
        matcher.region(at, line.length());
        if (!matcher.lookingAt()) {
          throw fault("expected a part such as ic64, got '" + line.charAt(at) + "'", at);
        }
        part(matcher.group(1), matcher.group(2), at);
        at = matcher.end();
      }
    }
  }

  private void part(String key, String digits, int at) {
    if (VOLUMES.contains(key)) {
      throw fault("'" + key + "' belongs to a 3-D convolution; this lab knows 2-D ones", at);
    }
    if (!NAMES.contains(key)) {
      throw fault(
          "unknown part '%s'. Parts: g mb ic ih iw oc oh ow kh kw sh sw ph pw dh dw n\"name\""
              .formatted(key),
          at);
    }
    if (digits.isEmpty()) {
      throw fault("'" + key + "' wants a number", at + key.length());
    }
    if (digits.length() > 9) {
      throw fault("'" + key + "' is too large: " + digits, at + key.length());
    }
    int value = Integer.parseInt(digits);
    if (value == 0 && !FROM_ZERO.contains(key)) {
      throw fault("'" + key + "' must be at least 1", at + key.length());
    }
    if (parts.put(key, new Part(value, at)) != null) {
      throw fault("'" + key + "' is there twice", at);
    }
  }

  /** In quotes, or, where a shell took them away, all of the rest. */
  private String name(int at) {
    String rest = line.substring(at);
    if (rest.isEmpty()) {
      throw fault("'n' wants a name, such as n\"alexnet:conv1\"", at);
    }
    if (!rest.startsWith("\"")) {
      return rest;
    }
    int end = rest.indexOf('"', 1);
    if (end < 0) {
      throw fault("the name's quotes are not closed", at);
    }
    if (end != rest.length() - 1) {
      throw fault("nothing may follow the name", at + end + 1);
    }
    return rest.substring(1, end);
  }

  ConvProblem problem() {
    int groups = get("g", 1);
    int ic = required("ic");
    int oc = required("oc");
    divides(groups, "ic", ic);
    divides(groups, "oc", oc);
    Axis h = height();
    var problem = new ConvProblem(name, get("mb", 2), groups, ic, oc, h, width(h));
    limit("the image", problem.n(), ic, problem.h().in(), problem.w().in());
    limit("the result", problem.n(), oc, problem.h().out(), problem.w().out());
    limit("the weight", oc, ic / groups, problem.h().kernel(), problem.w().kernel());
    return problem;
  }

  private Axis height() {
    int in = required("ih");
    int kernel = required("kh");
    int stride = get("sh", 1);
    int dilation = get("dh", 0) + 1;
    int before = 0;
    if (parts.containsKey("ph")) {
      before = required("ph");
    } else if (parts.containsKey("oh")) {
      before = Axis.padding(in, required("oh"), kernel, stride, dilation);
    }
    return axis("oh", in, kernel, stride, before, dilation);
  }

  private Axis width(Axis h) {
    int in = get("iw", h.in());
    int kernel = get("kw", h.kernel());
    int stride = get("sw", h.stride());
    int dilation = get("dw", h.dilation() - 1) + 1;
    int before = get("pw", h.before());
    if (parts.containsKey("ow") && !parts.containsKey("pw") && !parts.containsKey("ph")) {
      before = Axis.padding(in, required("ow"), kernel, stride, dilation);
    }
    boolean square = h.equals(new Axis(in, h.out(), kernel, stride, before, dilation));
    return square && !parts.containsKey("ow")
        ? h
        : axis("ow", in, kernel, stride, before, dilation);
  }

  private Axis axis(String outKey, int in, int kernel, int stride, int before, int dilation) {
    long windows = Axis.windows(in, kernel, stride, before, dilation);
    Part given = parts.get(outKey);
    int at = given == null ? line.length() : given.at();
    if (given == null && windows < 1) {
      throw fault(
          "nothing is left for %s: the kernel spans %d pixels, the padded image has %d"
              .formatted(outKey, (kernel - 1L) * dilation + 1, in + 2L * before),
          at);
    }
    var axis =
        new Axis(
            in,
            given == null ? Math.toIntExact(windows) : given.value(),
            kernel,
            stride,
            before,
            dilation);
    if (axis.lacking() <= -stride) {
      throw fault(
          "%s is too small: %d pixels would be left over".formatted(outKey, -axis.lacking()), at);
    }
    int stated = get(outKey.replace('o', 'p'), get("ph", 0));
    if (axis.lacking() >= axis.span() && axis.lacking() > stated) {
      throw fault(
          "%s is too large: whole windows would lie in the padding, %d pixels before the image and %d behind"
              .formatted(outKey, before, axis.lacking()),
          at);
    }
    return axis;
  }

  private int get(String key, int otherwise) {
    Part part = parts.get(key);
    return part == null ? otherwise : part.value();
  }

  private int required(String key) {
    Part part = parts.get(key);
    if (part == null) {
      throw fault("'" + key + "' is missing", line.length());
    }
    return part.value();
  }

  private void divides(int groups, String key, int channels) {
    if (channels % groups != 0) {
      throw fault(
          "%s%d does not fall into g%d groups".formatted(key, channels, groups),
          parts.getOrDefault(key, new Part(0, 0)).at());
    }
  }

  private void limit(String what, long a, long b, long c, long d) {
    double elements = (double) a * b * c * d;
    if (elements > Integer.MAX_VALUE) {
      throw fault(
          "%s has %.3g elements, an array at most %d".formatted(what, elements, Integer.MAX_VALUE),
          line.length());
    }
  }

  private ProblemException fault(String fault, int at) {
    return new ProblemException(fault, line, at);
  }
}
