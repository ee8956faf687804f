package dev.crema.nn.data;

import dev.crema.nn.io.DataException;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import javax.imageio.IIOException;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.event.IIOReadWarningListener;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * A colour image: three bytes per pixel, red, green, blue, row by row. Grey becomes three equal
 * channels and transparency is dropped, byte for byte as Pillow's {@code convert("RGB")} does; no
 * colour profile is applied.
 */
public final class RgbImage {
  private static final long MAX_PIXELS = 64_000_000;

  private final int width;
  private final int height;
  private final byte[] rgb;

  RgbImage(int width, int height, byte[] rgb) {
    this.width = width;
    this.height = height;
    this.rgb = rgb;
  }

  public int width() {
    return width;
  }

  public int height() {
    return height;
  }

  /** The pixels; not a copy. */
  public byte[] rgb() {
    return rgb;
  }

  /**
   * Decodes a JPEG, PNG, GIF or BMP file.
   *
   * @param source where it came from, for errors
   * @param file the file's bytes
   * @throws DataException if it is no such image, is cut off, or is larger than 64 megapixels
   */
  public static RgbImage decode(Object source, byte[] file) {
    try (var in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      var readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new IIOException("unknown image format");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        requireReasonable(source, reader.getWidth(0), reader.getHeight(0));
        reader.addIIOReadWarningListener(new CutOff());
        return of(reader.read(0));
      } finally {
        reader.dispose();
      }
    } catch (DataException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // The JDK's decoders answer corrupt input with many kinds of runtime exceptions.
      throw new DataException(
          source,
          "a JPEG, PNG, GIF or BMP image in grey or RGB",
          String.valueOf(e.getMessage()),
          "convert or remove the file",
          e);
    }
  }

  /** The JPEG decoder fills what is missing with grey and only warns. */
  private static final class CutOff implements IIOReadWarningListener {
    @Override
    public void warningOccurred(ImageReader reader, String warning) {
      if (warning.toLowerCase(Locale.ROOT).contains("premature end")) {
        throw new IllegalArgumentException("cut off: " + warning);
      }
    }
  }

  private static void requireReasonable(Object source, int width, int height) {
    long pixels = (long) width * height;
    // Decoding holds a raster of up to 4 bytes per pixel next to the 3 bytes kept here.
    if (pixels > Math.min(MAX_PIXELS, Runtime.getRuntime().maxMemory() / 32)) {
      throw new DataException(
          source,
          "an image that fits in memory",
          String.format(Locale.ROOT, "%d x %d pixels", width, height),
          "scale it down, or give Java more memory: -Xmx");
    }
  }

  private static RgbImage of(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] rgb = new byte[3 * width * height];
    Raster raster = image.getRaster();
    if (image.getType() == BufferedImage.TYPE_3BYTE_BGR
        && raster.getSampleModel() instanceof PixelInterleavedSampleModel model
        && model.getScanlineStride() == 3 * width
        && raster.getDataBuffer() instanceof DataBufferByte bytes
        && bytes.getOffset() == 0
        && bytes.getData().length == rgb.length) {
      byte[] bgr = bytes.getData();
      for (int i = 0; i < rgb.length; i += 3) {
        rgb[i] = bgr[i + 2];
        rgb[i + 1] = bgr[i + 1];
        rgb[i + 2] = bgr[i];
      }
    } else if (image.getColorModel() instanceof IndexColorModel) {
      int[] argb = image.getRGB(0, 0, width, height, null, 0, width);
      for (int i = 0; i < argb.length; i++) {
        rgb[3 * i] = (byte) (argb[i] >> 16);
        rgb[3 * i + 1] = (byte) (argb[i] >> 8);
        rgb[3 * i + 2] = (byte) argb[i];
      }
    } else {
      copyBands(raster, rgb);
    }
    return new RgbImage(width, height, rgb);
  }

  /** Takes samples as they are: getRGB would pass grey through a gamma curve. */
  private static void copyBands(Raster raster, byte[] rgb) {
    int shift = raster.getDataBuffer().getDataType() == DataBuffer.TYPE_BYTE ? 0 : 8;
    if (raster.getSampleModel().getSampleSize(0) == 8) {
      shift = 0;
    }
    boolean grey = raster.getNumBands() < 3;
    int[] samples = new int[raster.getWidth() * raster.getHeight()];
    for (int channel = 0; channel < 3; channel++) {
      int band = grey ? 0 : channel;
      raster.getSamples(
          raster.getMinX(), raster.getMinY(), raster.getWidth(), raster.getHeight(), band, samples);
      for (int i = 0; i < samples.length; i++) {
        rgb[3 * i + channel] = (byte) (samples[i] >> shift);
      }
    }
  }

  /**
   * The middle of this image at another size: scaled (bilinear, antialiased) until its shorter side
   * is {@code size}, then cropped to a square, as torchvision's Resize and CenterCrop do. Only what
   * the square shows is scaled, so that a strip a pixel high costs no more than a square. An image
   * of that size already is returned as it is.
   */
  public RgbImage fit(int size) {
    if (width == size && height == size) {
      return this;
    }
    long w = width <= height ? size : (long) size * width / height;
    long h = width <= height ? (long) size * height / width : size;
    return new RgbImage(size, size, Resample.middle(rgb, width, height, w, h, size));
  }

  /** Writes the image as three planes of numbers in [0, 1]. */
  public void writeChw(float[] target, int offset) {
    int plane = width * height;
    for (int i = 0; i < plane; i++) {
      target[offset + i] = (rgb[3 * i] & 0xFF) / 255f;
      target[offset + plane + i] = (rgb[3 * i + 1] & 0xFF) / 255f;
      target[offset + 2 * plane + i] = (rgb[3 * i + 2] & 0xFF) / 255f;
    }
  }
}
