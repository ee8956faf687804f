package dev.crema.examples.cli;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Names that users type. */
public final class Names {
  private Names() {}

  /** The known names that {@code wrong} may have meant, likeliest first; at most three. */
  static List<String> closest(String wrong, Collection<String> known) {
    int tolerance = Math.max(2, wrong.length() / 3);
    return known.stream()
        .filter(name -> name.startsWith(wrong) || distance(wrong, name) <= tolerance)
        .sorted(Comparator.comparingInt((String name) -> distance(wrong, name)))
        .limit(3)
        .toList();
  }

  /** " Did you mean a, b?", or nothing when no name is close. */
  static String didYouMean(String wrong, Collection<String> known) {
    List<String> closest = closest(wrong, known);
    return closest.isEmpty() ? "" : " Did you mean " + String.join(" or ", closest) + "?";
  }

  /** Reads one of these names, in any case; what they are called on the command line they print. */
  public static <T extends Enum<T>> ITypeConverter<T> oneOf(T[] known) {
    List<String> names = Arrays.stream(known).map(Enum::toString).toList();
    return text -> {
      int found = names.indexOf(text.toLowerCase(Locale.ROOT));
      if (found < 0) {
        throw new TypeConversionException(
            "expected %s, got '%s'".formatted(String.join(", ", names), text));
      }
      return known[found];
    };
  }

  /** Letters to insert, delete or replace on the way from a to b (Levenshtein). */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
