package dev.crema.bench.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A matrix product: m rows and n columns of sums of k terms.
 *
 * @param name where it comes from, perhaps nothing
 */
public record GemmShape(String name, int m, int n, int k) {
  private static final Set<String> LAYERS =
      Set.of(
          "alexnet:conv1",
          "alexnet:conv2",
          "alexnet:conv3",
          "alexnet:conv4",
          "alexnet:conv5",
          "resnet50:conv1",
          "resnet50:layer1.0.conv2*3",
          "resnet50:layer1.0.conv3*4",
          "resnet50:layer3.0.conv3*6",
          "resnet50:layer4.1.conv2*2");

  /** 1024³, 2048³, and what im2col makes of ten layers of AlexNet and ResNet-50, for one image. */
  public static List<GemmShape> standard() {
    var all = new ArrayList<GemmShape>();
    all.add(new GemmShape("", 1024, 1024, 1024));
    all.add(new GemmShape("", 2048, 2048, 2048));
    for (String net : List.of("alexnet", "resnet50")) {
      ProblemFile.read(net).stream()
          .filter(p -> LAYERS.contains(p.name()))
          .map(GemmShape::ofLayer)
          .forEach(all::add);
    }
    return all;
  }

  private static GemmShape ofLayer(ConvProblem p) {
    int window = p.h().kernel() * p.w().kernel();
    return new GemmShape(p.name(), p.oc(), p.h().out() * p.w().out(), p.ic() * window);
  }

  /** A multiply-add being two. */
  public double flops() {
    return 2.0 * m * n * k;
  }

  /** The name and the sizes. */
  @Override
  public String toString() {
    return "%s%s%dx%dx%d".formatted(name, name.isEmpty() ? "" : " ", m, n, k);
  }
}
