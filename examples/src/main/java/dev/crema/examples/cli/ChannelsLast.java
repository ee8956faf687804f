package dev.crema.examples.cli;

import dev.crema.backend.Backends;
import dev.crema.tensor.Device;
import dev.crema.tensor.MemoryFormat;

/** The option for the memory format in which a network computes. */
final class ChannelsLast {
  static final String OPTION = "--channels-last";
  static final String HELP =
      "On CUDA, images have their channels next to each other in memory (NHWC), which is faster for"
          + " some networks";

  private ChannelsLast() {}

  /** The format that was asked for, if the device has it. */
  static MemoryFormat format(boolean wanted, Device device) {
    if (wanted && !Backends.get(device).hasChannelsLast()) {
      throw new UserError(
          "%s: %s computes row-major alone. Hint: --device cuda".formatted(OPTION, device));
    }
    return wanted ? MemoryFormat.CHANNELS_LAST : MemoryFormat.CONTIGUOUS;
  }
}
