package dev.crema.cpu.conv;

import org.jspecify.annotations.Nullable;

/**
 * What happens to each output while it is still in a register: y = max(0, x ⋆ w + bias), or a part
 * of that.
 *
 * @param bias one element for each output channel, or null
 * @param relu whether negative outputs become 0 (NaN stays)
 */
public record Epilogue(@Nullable Operand bias, boolean relu) {
  /** y = x ⋆ w. */
  public static final Epilogue NONE = new Epilogue(null, false);
}
