package dev.crema.nn;

import dev.crema.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Runs after a module's forward: to look at feature maps, or to change them. */
@FunctionalInterface
public interface ForwardHook {

  /**
   * Sees one forward. Both tensors are closed by the surrounding scopes later; to keep one, take
   * {@code Scope.escape(output.detach())}.
   *
   * @return what takes the output's place, or null to leave it
   */
  @Nullable Tensor after(Module module, Tensor input, Tensor output);
}
