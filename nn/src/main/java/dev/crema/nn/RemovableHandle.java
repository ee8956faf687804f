package dev.crema.nn;

/** A registered hook; close it to remove it. */
@FunctionalInterface
public interface RemovableHandle extends AutoCloseable {
  @Override
  void close();
}
