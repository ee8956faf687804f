package dev.crema.bench.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.crema.bench.lab.Accuracy;
import dev.crema.bench.lab.ConvProblem;
import dev.crema.bench.lab.Environment;
import dev.crema.bench.lab.Layer;
import dev.crema.bench.lab.Peak;
import dev.crema.bench.lab.Row;
import dev.crema.bench.lab.Row.Speed;
import dev.crema.bench.lab.Row.Status;
import dev.crema.bench.report.LabOutput.Format;
import dev.crema.cpu.conv.Direction;
import dev.crema.tensor.DType;
import dev.crema.tensor.Device;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabOutputTest {
  private static final Environment ENVIRONMENT =
      new Environment(
          "1.0", "abc", "a JVM", "-Xmx1g", "an OS", "a <CPU> & co", 2, "wide", 2, "conv", "today");

  private static Row timed(String name, double ms, boolean auto, boolean best) {
    return new Row(
        name,
        Status.OK,
        "",
        new Accuracy(2e-6, 3e-7, 1e-4, 1e-5),
        4096L,
        true,
        new Speed(ms, 1.1 * ms, 40, 100 / ms, 25 / ms, 4 / ms, 10 / ms),
        auto,
        best,
        "./crema conv --alg %s 'x\"y\"'".formatted(name));
  }

  private static Row untimed(String name, Status status, String note) {
    return new Row(name, status, note, null, null, null, null, false, false, "./crema");
  }

  /** Three layers in two directions: one with a choice, one that went wrong, one without a name. */
  private static List<Layer> layers() {
    return List.of(
        layer(
            "mb2ic4ih12oc6kh3ph1n\"net:<first>\"",
            Direction.FORWARD,
            timed("quick", 0.5, false, true),
            timed("usual", 1, true, false),
            untimed("other", Status.DECLINED, "not 5x5, \"sorry\"")),
        layer(
            "mb2ic4ih24oc6kh3ph1n\"net:second\"",
            Direction.FORWARD,
            untimed("quick", Status.FAILED, "error, and\nmore"),
            timed("usual", 2, true, true)),
        layer("mb1ic4ih12oc6kh3", Direction.BACKWARD_WEIGHT, timed("usual", 3, true, true)));
  }

  private static Layer layer(String problem, Direction direction, Row... rows) {
    return new Layer(
        ConvProblem.parse(problem),
        direction,
        DType.F32,
        Device.cpu(),
        2,
        1e8,
        4_000_000,
        new Peak(400, 40),
        List.of(rows));
  }

  private static String written(Format format) {
    var text = new StringWriter();
    LabOutput output = format.to(new PrintWriter(text));
    output.begin(ENVIRONMENT);
    layers().forEach(output::layer);
    output.end();
    return text.toString();
  }

  @Test
  void json_has_the_environment_and_every_row() throws IOException {
    JsonNode all = new ObjectMapper().readTree(written(Format.JSON));

    assertThat(all.at("/environment/cpu").asText()).isEqualTo("a <CPU> & co");
    assertThat(all.at("/environment/jvmOptions").asText()).isEqualTo("-Xmx1g");
    assertThat(all.get("layers")).hasSize(3);
    JsonNode first = all.at("/layers/0");
    assertThat(first.get("problem").asText()).isEqualTo("mb2ic4ih12oc6oh12kh3ph1");
    assertThat(first.get("direction").asText()).isEqualTo("fwd");
    assertThat(first.at("/peak/gflops").asDouble()).isEqualTo(400);
    assertThat(first.at("/rows/0/speed/minMs").asDouble()).isEqualTo(0.5);
    assertThat(first.at("/rows/0/accuracy/max").asDouble()).isEqualTo(2e-6);
    assertThat(first.at("/rows/2/status").asText()).isEqualTo("DECLINED");
    assertThat(first.at("/rows/2/speed").isNull()).isTrue();
    assertThat(first.at("/pick/best").asText()).isEqualTo("quick");
    assertThat(first.at("/pick/ratio").asDouble()).isEqualTo(2);
    assertThat(all.at("/layers/1/pick").isNull()).isTrue();
  }

  @Test
  void csv_has_a_line_per_row_that_reads_back() {
    List<List<String>> lines = readCsv(written(Format.CSV));

    assertThat(lines).hasSize(1 + 6).allMatch(line -> line.size() == lines.getFirst().size());
    List<String> head = lines.getFirst();
    List<String> quick = lines.get(1);
    assertThat(quick.get(head.indexOf("name"))).isEqualTo("net:<first>");
    assertThat(quick.get(head.indexOf("min_ms"))).isEqualTo("0.5");
    assertThat(quick.get(head.indexOf("workspace_bytes"))).isEqualTo("4096");
    assertThat(quick.get(head.indexOf("best"))).isEqualTo("true");
    assertThat(quick.get(head.indexOf("repro"))).endsWith("'x\"y\"'");
    assertThat(lines.get(3).get(head.indexOf("note"))).isEqualTo("not 5x5, \"sorry\"");
    assertThat(lines.get(3).get(head.indexOf("min_ms"))).isEmpty();
    assertThat(lines.get(4).get(head.indexOf("note"))).isEqualTo("error, and\nmore");
    assertThat(Double.parseDouble(lines.get(6).get(head.indexOf("gflops"))))
        .isCloseTo(100 / 3.0, within(1e-9));
  }

  /** RFC 4180. */
  private static List<List<String>> readCsv(String text) {
    var lines = new ArrayList<List<String>>();
    var line = new ArrayList<String>();
    var cells = Pattern.compile("(?:\"((?:[^\"]|\"\")*)\"|([^,\r\n]*))(,|\r\n)").matcher(text);
    int at = 0;
    while (at < text.length() && cells.find(at) && cells.start() == at) {
      line.add(cells.group(1) != null ? cells.group(1).replace("\"\"", "\"") : cells.group(2));
      if (!cells.group(3).equals(",")) {
        lines.add(List.copyOf(line));
        line.clear();
      }
      at = cells.end();
    }
    assertThat(at).as("all of it was read").isEqualTo(text.length());
    return lines;
  }

  @Test
  void the_table_says_it_in_words() {
    String table = written(Format.TABLE);

    assertThat(table)
        .contains("a <CPU> & co, wide")
        .contains("net:<first>  fwd  f32  0.100 GFLOP  (peak here 400 GFLOP/s, memory 40.0 GB/s)")
        .containsPattern(
            "quick +0\\.500 +0\\.550 +200 +50 +8\\.00 +20 +4\\.00 KiB +2\\.0e-06 +3\\.0e-07 +same "
                + " ok, best\n")
        .containsPattern("other( +-){10}  declined: not 5x5")
        .contains("cherry-pick: quick; automatic selection takes usual, 2.00 times as long")
        .contains("FAILED: error")
        .contains("mb1ic4ih12oc6oh10kh3ph0  bwd_w");
  }

  @Test
  void the_page_needs_nothing_but_itself(@TempDir Path folder) throws IOException {
    var report = new HtmlReport(folder.resolve("new/report"));
    report.begin(ENVIRONMENT);
    layers().forEach(report::layer);
    report.end();

    String page = Files.readString(report.page());
    assertThat(page)
        .doesNotContain("http", "src=", "href=\"/", "@import", "url(/", "<script", "<link")
        .contains("a &lt;CPU&gt; &amp; co", "net:&lt;first&gt;", "Forward", "Backward, weight")
        .doesNotContain("Backward, input", "net:<first>");
    // For each direction a roofline, bars and errors.
    assertThat(page.split("<svg ", -1)).hasSize(1 + 2 * 3);
    assertThat(page.split("</svg>", -1)).hasSize(1 + 2 * 3);
    assertThat(new ObjectMapper().readTree(folder.resolve("new/report/results.json").toFile()))
        .isEqualTo(new ObjectMapper().readTree(written(Format.JSON)));
    assertThat(folder.resolve("new/report/results.csv")).hasContent(written(Format.CSV));
  }

  @Test
  void a_page_of_failures_has_no_plots(@TempDir Path folder) throws IOException {
    var report = new HtmlReport(folder);
    report.begin(ENVIRONMENT);
    report.layer(
        layer("mb1ic1ih3oc1kh1", Direction.FORWARD, untimed("wrong", Status.FAILED, "why")));
    report.end();

    assertThat(Files.readString(report.page())).doesNotContain("<svg").contains("FAILED: why");
  }
}
