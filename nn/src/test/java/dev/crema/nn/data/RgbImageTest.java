package dev.crema.nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.crema.nn.io.DataException;
import dev.crema.nn.testing.Corruption;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import javax.imageio.ImageIO;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class RgbImageTest {
  /** A picture of this type in which red grows to the right and green downwards. */
  static byte[] picture(String format, int type, int width, int height) {
    var image = new BufferedImage(width, height, type);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        if (image.getRaster().getNumBands() == 1) {
          image.getRaster().setSample(x, y, 0, 10 * x + y);
        } else {
          image.setRGB(x, y, 0xFF000000 | 10 * x << 16 | 10 * y << 8 | 200);
        }
      }
    }
    var out = new ByteArrayOutputStream();
    try {
      assertThat(ImageIO.write(image, format, out)).isTrue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  @Test
  void decodesColour() {
    for (int type : new int[] {BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_INT_ARGB}) {
      RgbImage image = RgbImage.decode("test", picture("png", type, 5, 3));
      assertThat(image.width()).isEqualTo(5);
      assertThat(image.height()).isEqualTo(3);
      assertThat(Arrays.copyOfRange(image.rgb(), 3 * 12, 3 * 13))
          .containsExactly(20, 20, (byte) 200);
    }
  }

  @Test
  void greyBecomesThreeEqualChannelsWithoutGamma() {
    RgbImage image = RgbImage.decode("test", picture("png", BufferedImage.TYPE_BYTE_GRAY, 20, 8));
    assertThat(Arrays.copyOfRange(image.rgb(), 3 * (5 * 20 + 9), 3 * (5 * 20 + 9) + 3))
        .containsExactly(95, 95, 95);
  }

  @Test
  void sixteenBitGreyKeepsItsUpperByte() throws IOException {
    var image = new BufferedImage(2, 1, BufferedImage.TYPE_USHORT_GRAY);
    image.getRaster().setSample(1, 0, 0, 0x4321);
    var out = new ByteArrayOutputStream();
    ImageIO.write(image, "png", out);
    assertThat(RgbImage.decode("test", out.toByteArray()).rgb())
        .containsExactly(0, 0, 0, 0x43, 0x43, 0x43);
  }

  @Test
  void paletteImagesAreLookedUp() throws IOException {
    var image = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_INDEXED);
    image.setRGB(1, 0, 0xFFFF3300);
    var out = new ByteArrayOutputStream();
    ImageIO.write(image, "gif", out);
    assertThat(RgbImage.decode("test", out.toByteArray()).rgb())
        .containsExactly(0, 0, 0, (byte) 0xFF, 0x33, 0);
  }

  @Test
  void writesPlanesInZeroToOne() {
    float[] chw = new float[14];
    new RgbImage(2, 2, new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, (byte) 255}).writeChw(chw, 1);
    assertThat(chw)
        .containsExactly(
            0, 0, 3 / 255f, 6 / 255f, 9 / 255f, 1 / 255f, 4 / 255f, 7 / 255f, 10 / 255f, 2 / 255f,
            5 / 255f, 8 / 255f, 1, 0);
  }

  @Test
  void fitCropsTheMiddleOfWhatHasTheRightHeight() {
    byte[] rgb = new byte[3 * 4 * 2];
    for (int i = 0; i < 8; i++) {
      rgb[3 * i] = (byte) i;
    }
    RgbImage square = new RgbImage(4, 2, rgb).fit(2);
    assertThat(new byte[] {square.rgb()[0], square.rgb()[3], square.rgb()[6], square.rgb()[9]})
        .containsExactly(1, 2, 5, 6);
  }

  @Test
  void anOddMarginIsHalvedToTheEvenSide() {
    byte[] rgb = new byte[3 * 5];
    for (int i = 0; i < 5; i++) {
      rgb[3 * i] = (byte) i;
    }
    assertThat(new RgbImage(4, 1, Arrays.copyOf(rgb, 12)).fit(1).rgb()[0])
        .as("1.5 becomes 2")
        .isEqualTo((byte) 2);
    byte[] sixWide = Arrays.copyOf(rgb, 18);
    assertThat(new RgbImage(6, 1, sixWide).fit(1).rgb()[0]).as("2.5 becomes 2").isEqualTo((byte) 2);
  }

  @Test
  void aStripOfOnePixelCostsNoMoreThanASquare() {
    for (int length : new int[] {65_535, 20_000_000}) {
      byte[] rgb = new byte[3 * length];
      Arrays.fill(rgb, (byte) 77);
      for (RgbImage strip : List.of(new RgbImage(length, 1, rgb), new RgbImage(1, length, rgb))) {
        Corruption.assertHarmless(
            () -> assertThat(strip.fit(224).rgb()).containsOnly((byte) 77), 64 << 20);
      }
    }
  }

  @Test
  void halvingWeighsNeighboursByATriangle() {
    // Output 0 is centred at 1 with a support of 2: pixels at 0.5, 1.5, 2.5 weigh 3/4, 3/4, 1/4.
    byte[] rgb = new byte[3 * 16];
    for (int y = 0; y < 4; y++) {
      rgb[3 * (4 * y)] = 70;
      rgb[3 * (4 * y + 2)] = 35;
    }
    RgbImage half = new RgbImage(4, 4, rgb).fit(2);
    assertThat(half.rgb()[0]).isEqualTo((byte) Math.round((0.75 * 70 + 0.25 * 35) / 1.75));
    assertThat(half.rgb()[3]).isEqualTo((byte) Math.round(0.75 * 35 / 1.75));
  }

  @Test
  void aFlatPictureStaysFlatAtAnySize() {
    byte[] rgb = new byte[3 * 37 * 23];
    Arrays.fill(rgb, (byte) 201);
    for (int size : new int[] {1, 5, 22, 23, 24, 60}) {
      assertThat(new RgbImage(37, 23, rgb).fit(size).rgb())
          .hasSize(3 * size * size)
          .containsOnly((byte) 201);
    }
  }

  @Test
  void aPictureThatIsCutOffIsExplained() {
    for (String format : new String[] {"jpg", "png"}) {
      byte[] file = picture(format, BufferedImage.TYPE_3BYTE_BGR, 24, 24);
      byte[] half = Arrays.copyOf(file, file.length * 3 / 4);
      assertThatThrownBy(() -> RgbImage.decode("cat." + format, half))
          .as(format)
          .isInstanceOf(DataException.class)
          .hasMessageContaining("cat." + format)
          .hasMessageContaining(". Hint: ");
    }
  }

  @Test
  void aHeaderThatClaimsAHugePictureAllocatesNothing() {
    byte[] png = picture("png", BufferedImage.TYPE_3BYTE_BGR, 4, 4);
    ByteBuffer.wrap(png).putInt(16, 2_000_000).putInt(20, 2_000_000);
    var crc = new CRC32();
    crc.update(png, 12, 17);
    ByteBuffer.wrap(png).putInt(29, (int) crc.getValue());
    Corruption.assertHarmless(
        () ->
            assertThatThrownBy(() -> RgbImage.decode("huge.png", png))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("huge.png")
                .hasMessageContaining("2000000 x 2000000"),
        8 << 20);
  }

  @Provide
  Arbitrary<Corruption> corruption() {
    return Corruption.any(60, 400);
  }

  @Property(tries = 300)
  void damagedPicturesAreHarmless(@ForAll("corruption") Corruption c, @ForAll boolean png) {
    byte[] file = picture(png ? "png" : "jpg", BufferedImage.TYPE_3BYTE_BGR, 16, 16);
    Corruption.assertHarmless(() -> RgbImage.decode("fuzz", c.apply(file)), 512 << 20);
  }
}
