package dev.crema.nn.models;

import dev.crema.nn.Module;
import dev.crema.tensor.Shape;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntFunction;

/** The networks that can be made by name, in the order in which a newcomer should meet them. */
public final class Models {
  private static final List<String> DIGITS = List.of("strokes", "mnist", "fashion-mnist");
  private static final List<String> CIFAR = List.of("cifar10");
  private static final List<String> PHOTOS = List.of("DIR");
  private static final Map<String, ModelSpec> ALL = new LinkedHashMap<>();

  static {
    Shape digit = Shape.of(1, 28, 28);
    Shape cifar = Shape.of(3, 32, 32);
    Shape photo = Shape.of(3, 224, 224);
    put("lenet", "LeNet as courses draw it: max pooling, ReLU", digit, 10, DIGITS, LeNet::new);
    put("lenet5", "LeNet-5 of 1998, tanh and trainable pooling", digit, 10, DIGITS, LeNet5::new);
    put("simple-cnn", "of course 001: 3 convolutions, dropout", cifar, 10, CIFAR, SimpleCNN::new);
    put("simple-cnn-000", "of course 000: 2 convolutions", cifar, 10, CIFAR, SimpleCNN000::new);
    put("simple-cnn-002", "of course 002: 8 and 16 maps", digit, 10, DIGITS, SimpleCNN002::new);
    put(
        "simple-cnn-004",
        "of course 004: 32 and 64 maps, dropout",
        digit,
        10,
        DIGITS,
        SimpleCNN004::new);
    put(
        "cnn-batchnorm",
        "of course 004: 2 convolutions with batch norm",
        cifar,
        10,
        CIFAR,
        classes -> new CNNWithBatchNorm(classes, 32));
    put("alexnet", "AlexNet as torchvision's", photo, 1000, PHOTOS, AlexNet::new);
    put(
        "alexnet-2012",
        "AlexNet of the paper: two groups, response normalisation",
        photo,
        1000,
        PHOTOS,
        AlexNet2012::new);
    put("resnet18", "ResNet of 18 layers", photo, 1000, PHOTOS, ResNet::resnet18);
    put("resnet50", "ResNet of 50 layers, in bottlenecks", photo, 1000, PHOTOS, ResNet::resnet50);
  }

  private Models() {}

  private static void put(
      String name,
      String description,
      Shape image,
      int classes,
      List<String> dataSets,
      IntFunction<? extends Module> factory) {
    ALL.put(name, new ModelSpec(name, description, image, classes, dataSets, factory));
  }

  /** Their names. */
  public static Set<String> names() {
    return Collections.unmodifiableSet(ALL.keySet());
  }

  /** All of them. */
  public static Collection<ModelSpec> all() {
    return Collections.unmodifiableCollection(ALL.values());
  }

  /**
   * The one of this name.
   *
   * @throws IllegalArgumentException naming those that there are
   */
  public static ModelSpec get(String name) {
    ModelSpec spec = ALL.get(name);
    if (spec == null) {
      throw new IllegalArgumentException(
          "no model '%s'; there are %s".formatted(name, String.join(", ", names())));
    }
    return spec;
  }
}
