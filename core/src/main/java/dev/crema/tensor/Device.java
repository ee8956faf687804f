package dev.crema.tensor;

/**
 * Where a tensor lives and its ops run: a backend's name and the index of one of its devices.
 *
 * @param type the backend's name, e.g. {@code cpu} or {@code cuda}
 * @param index the device's number, from 0
 */
public record Device(String type, int index) {
  private static final Device CPU = new Device("cpu", 0);

  /** The CPU. */
  public static Device cpu() {
    return CPU;
  }

  /** The first CUDA device. */
  public static Device cuda() {
    return cuda(0);
  }

  /** The CUDA device with this number. */
  public static Device cuda(int index) {
    return new Device("cuda", index);
  }

  /** Reads {@code cpu}, {@code cuda} or {@code cuda:1}. */
  public static Device parse(String text) {
    int colon = text.indexOf(':');
    try {
      return colon < 0
          ? new Device(text, 0)
          : new Device(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    } catch (NumberFormatException _) {
      throw new DeviceException(
          "device: expected a name such as cpu, cuda or cuda:1, got '" + text + "'");
    }
  }

  /** {@code cpu}, {@code cuda}, {@code cuda:1}: what {@link #parse} reads. */
  @Override
  public String toString() {
    return index == 0 ? type : type + ":" + index;
  }
}
