package dev.partywall.identity;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Texts that a lenient parser would take for the object that they are made from. */
final class WrongJson {
  private WrongJson() {}

  /** By what is wrong with them; {@code member} is one of the object's, a string. */
  static Map<String, byte[]> of(String object, String member) {
    var wrong = new LinkedHashMap<String, byte[]>();
    texts(object, member).forEach((name, text) -> wrong.put(name, bytes(text)));
    wrong.put("UTF-16", object.getBytes(StandardCharsets.UTF_16BE));
    wrong.put("UTF-32", object.getBytes(StandardCharsets.UTF_32BE));
    wrong.put("ISO 8859-1", behind(object, new byte[] {(byte) 0xe9}));
    wrong.put("a lone continuation byte", behind(object, new byte[] {(byte) 0x80}));
    wrong.put("an overlong letter", behind(object, new byte[] {(byte) 0xc1, (byte) 0x81}));
    wrong.put("a surrogate in UTF-8", behind(object, new byte[] {-0x13, -0x60, -0x80}));
    wrong.put("a NUL byte at the end", bytes(object + "\0"));
    return wrong;
  }

  private static Map<String, String> texts(String object, String member) {
    var inside = object.substring(1);
    var texts = new LinkedHashMap<String, String>();
    texts.put("a byte order mark", "\ufeff" + object);
    texts.put("a word behind it", object + "x");
    texts.put("an object behind it", object + "{}");
    texts.put("a comment", "/* */" + object);
    texts.put("a list around it", "[" + object + "]");
    texts.put("only null", "null");
    texts.put("only blanks", "  ");
    texts.put("cut off", object.substring(0, object.length() - 1));
    texts.put("a comma too many", object.substring(0, object.length() - 1) + ",}");
    texts.put("a name without quotes", "{x:1," + inside);
    texts.put("single quotes", "{'x':1," + inside);
    texts.put("NaN", "{\"x\":NaN," + inside);
    texts.put("a number with a leading zero", "{\"x\":01," + inside);
    texts.put("a raw line feed in a string", "{\"x\":\"\n\"," + inside);
    texts.put("a member twice", "{\"" + member + "\":\"x\"," + inside);
    texts.put("a member twice, once escaped", "{\"" + escaped(member) + "\":\"x\"," + inside);
    texts.put("half of a surrogate pair", "{\"x\":\"\\ud800\"," + inside);
    texts.put("an unread member twice", "{\"x\":1,\"x\":1," + inside);
    texts.put("a nested member twice", "{\"x\":{\"y\":1,\"y\":1}," + inside);
    texts.put("33 levels", "{\"x\":" + "[".repeat(32) + "]".repeat(32) + "," + inside);
    texts.put("a number of 101 digits", "{\"x\":" + "1".repeat(101) + "," + inside);
    return texts;
  }

  private static String escaped(String member) {
    return "\\u%04x".formatted((int) member.charAt(0)) + member.substring(1);
  }

  /** Puts the bytes into a string at the object's beginning. */
  private static byte[] behind(String object, byte[] odd) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(bytes("{\"x\":\""));
    bytes.writeBytes(odd);
    bytes.writeBytes(bytes("\"," + object.substring(1)));
    return bytes.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
