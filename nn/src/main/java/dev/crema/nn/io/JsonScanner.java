package dev.crema.nn.io;

import java.util.Locale;

/**
 * Takes a JSON text apart token by token, as strictly as RFC 8259. Its user asks for what must come
 * next, so a text of any other form, however deep, ends at its first unexpected character.
 */
final class JsonScanner {
  /** JSON that is not what it has to be; whoever asked knows which file to blame. */
  static final class SyntaxException extends Exception {
    final String expected;
    final String got;

    SyntaxException(String expected, String got) {
      super("expected " + expected + ", got " + got);
      this.expected = expected;
      this.got = got;
    }
  }

  private final String text;
  private int at;

  JsonScanner(String text) {
    this.text = text;
  }

  /** Takes this punctuation mark, which has to come next. */
  void expect(char mark) throws SyntaxException {
    if (!take(mark)) {
      throw unexpected("'" + mark + "'");
    }
  }

  /** Takes this punctuation mark if it comes next. */
  boolean take(char mark) {
    skipSpace();
    if (at < text.length() && text.charAt(at) == mark) {
      at++;
      return true;
    }
    return false;
  }

  /** Whether another member follows in an object or array that ends with {@code close}. */
  boolean more(char close) throws SyntaxException {
    if (take(close)) {
      return false;
    }
    if (!take(',')) {
      throw unexpected("',' or '" + close + "'");
    }
    return true;
  }

  void expectEnd() throws SyntaxException {
    skipSpace();
    if (at < text.length()) {
      throw unexpected("the end");
    }
  }

  /** A string, without its quotes and escapes. */
  String string() throws SyntaxException {
    expect('"');
    int start = at;
    while (at < text.length() && text.charAt(at) != '"' && text.charAt(at) != '\\') {
      requirePrintable();
      at++;
    }
    if (at < text.length() && text.charAt(at) == '"') {
      return text.substring(start, at++);
    }
    var out = new StringBuilder(text.substring(start, at));
    while (at < text.length() && text.charAt(at) != '"') {
      requirePrintable();
      char c = text.charAt(at++);
      out.append(c == '\\' ? escape() : c);
    }
    expect('"');
    return requirePaired(out.toString());
  }

  private void requirePrintable() throws SyntaxException {
    if (text.charAt(at) < ' ') {
      throw unexpected("an escaped control character");
    }
  }

  private char escape() throws SyntaxException {
    char c = at < text.length() ? text.charAt(at++) : '\0';
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> {
        int value = 0;
        for (int i = 0; i < 4; i++) {
          int digit = at < text.length() ? hex(text.charAt(at)) : -1;
          if (digit < 0) {
            throw unexpected("four hexadecimal digits");
          }
          value = value << 4 | digit;
          at++;
        }
        yield (char) value;
      }
      default -> {
        at--;
        throw unexpected("an escape sequence");
      }
    };
  }

  private static int hex(char c) {
    return c < 128 ? Character.digit(c, 16) : -1;
  }

  /** Half a surrogate pair cannot be written back as UTF-8. */
  private static String requirePaired(String s) throws SyntaxException {
    for (int i = 0; i < s.length(); i++) {
      if (Character.isHighSurrogate(s.charAt(i))
          && i + 1 < s.length()
          && Character.isLowSurrogate(s.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(s.charAt(i))) {
        throw new SyntaxException("Unicode text", "half a surrogate pair in a string");
      }
    }
    return s;
  }

  /** An integer that is not negative and fits in a {@code long}. */
  long integer() throws SyntaxException {
    skipSpace();
    int start = at;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    boolean leadingZero = at - start > 1 && text.charAt(start) == '0';
    boolean fraction = at < text.length() && ".eE".indexOf(text.charAt(at)) >= 0;
    if (at == start || leadingZero || fraction) {
      at = start;
      throw unexpected("an integer from 0");
    }
    try {
      return Long.parseLong(text, start, at, 10);
    } catch (NumberFormatException _) {
      throw new SyntaxException("an integer below 2^63", shorten(text.substring(start, at)));
    }
  }

  private SyntaxException unexpected(String expected) {
    String got =
        at < text.length()
            ? String.format(
                Locale.ROOT,
                "'%s' at character %d",
                shorten(text.substring(at, Math.min(text.length(), at + 20))),
                at)
            : "the end of the text";
    return new SyntaxException(expected, got);
  }

  private static String shorten(String s) {
    String visible = s.replaceAll("\\p{Cntrl}", "?");
    return visible.length() <= 20 ? visible : visible.substring(0, 20) + "…";
  }

  private void skipSpace() {
    while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
  }

  /** Appends {@code s} as a JSON string. */
  static void quote(String s, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < s.length(); i++) {
      char c = s.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append("\\u%04x".formatted((int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
