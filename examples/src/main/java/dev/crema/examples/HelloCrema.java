package dev.crema.examples;

import dev.crema.nn.Conv2d;
import dev.crema.nn.CrossEntropyLoss;
import dev.crema.nn.Flatten;
import dev.crema.nn.Linear;
import dev.crema.nn.MaxPool2d;
import dev.crema.nn.ReLU;
import dev.crema.nn.Sequential;
import dev.crema.nn.data.Batch;
import dev.crema.nn.data.DataLoader;
import dev.crema.nn.data.LoaderOptions;
import dev.crema.nn.data.Split;
import dev.crema.nn.data.Strokes;
import dev.crema.nn.optim.Adam;
import dev.crema.nn.train.Trainer;
import dev.crema.tensor.Generator;
import dev.crema.tensor.Scope;
import dev.crema.tensor.Tensor;

/** The README's program: a network, and the loop that trains it. */
public final class HelloCrema {
  public static void main(String[] args) {
    Generator.manualSeed(0);
    var model =
        new Sequential(
            new Conv2d(1, 8, 3), // 28x28 -> 26x26
            new ReLU(),
            new MaxPool2d(2), // 13x13
            new Conv2d(8, 16, 3), // 11x11
            new ReLU(),
            new MaxPool2d(2), // 5x5
            new Flatten(),
            new Linear(16 * 5 * 5, 10));
    var train = new DataLoader(Strokes.open(Split.TRAIN), LoaderOptions.DEFAULT.shuffle(0));
    var test = new DataLoader(Strokes.open(Split.TEST), LoaderOptions.DEFAULT);
    var optimizer = new Adam(model.parameters(), 2e-3);

    for (Batch batch : train) {
      try (batch;
          Scope _ = Scope.open("step")) { // closes every tensor that is made inside
        Tensor loss = model.call(batch.images()).crossEntropy(batch.labels());
        optimizer.zeroGrad();
        loss.backward();
        optimizer.step();
      }
    }

    System.out.println(new Trainer(model, new CrossEntropyLoss(), optimizer).evaluate(test));
  }

  private HelloCrema() {}
}
