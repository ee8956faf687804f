package dev.crema.bench.report;

import dev.crema.bench.lab.Environment;
import dev.crema.bench.lab.Layer;
import java.io.PrintWriter;
import java.util.Locale;

/** A form of the lab's results, written while they come. */
public interface LabOutput {
  /** Before the first layer. */
  void begin(Environment environment);

  /** A layer is done. */
  void layer(Layer layer);

  /** After the last layer. */
  void end();

  /** Which forms there are. */
  enum Format {
    /** For people. */
    TABLE,
    /** One line per row, with a head. */
    CSV,
    /** One object, with the environment. */
    JSON;

    /** A writer of this form. */
    public LabOutput to(PrintWriter out) {
      return switch (this) {
        case TABLE -> new TableOutput(out);
        case CSV -> new CsvOutput(out);
        case JSON -> new JsonOutput(out);
      };
    }

    /** As on the command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
