package dev.crema.nn.data;

/** Which part of a data set: the samples to learn from, or the ones held back to judge by. */
public enum Split {
  TRAIN,
  TEST
}
