package dev.partywall.identity;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Malformed variants of a JSON object that a lenient parser would accept. */
final class InvalidJson {
  private InvalidJson() {}

  /** Returns the variants by fault; {@code member} is a string member of the object. */
  static Map<String, byte[]> of(String object, String member) {
    var variants = new LinkedHashMap<String, byte[]>();
    texts(object, member).forEach((name, text) -> variants.put(name, bytes(text)));
    variants.put("UTF-16", object.getBytes(StandardCharsets.UTF_16BE));
    variants.put("UTF-32", object.getBytes(StandardCharsets.UTF_32BE));
    variants.put("ISO 8859-1", withBytes(object, new byte[] {(byte) 0xe9}));
    variants.put("a lone continuation byte", withBytes(object, new byte[] {(byte) 0x80}));
    variants.put("an overlong encoding", withBytes(object, new byte[] {(byte) 0xc1, (byte) 0x81}));
    variants.put("a surrogate in UTF-8", withBytes(object, new byte[] {-0x13, -0x60, -0x80}));
    variants.put("a NUL byte at the end", bytes(object + "\0"));
    return variants;
  }

  private static Map<String, String> texts(String object, String member) {
    var members = object.substring(1);
    var texts = new LinkedHashMap<String, String>();
    texts.put("a byte order mark", "\ufeff" + object);
    texts.put("a trailing word", object + "x");
    texts.put("a trailing object", object + "{}");
    texts.put("a comment", "/* */" + object);
    texts.put("wrapped in an array", "[" + object + "]");
    texts.put("only null", "null");
    texts.put("only spaces", "  ");
    texts.put("truncated", object.substring(0, object.length() - 1));
    texts.put("a trailing comma", object.substring(0, object.length() - 1) + ",}");
    texts.put("a name without quotes", "{x:1," + members);
    texts.put("single quotes", "{'x':1," + members);
    texts.put("NaN", "{\"x\":NaN," + members);
    texts.put("a number with a leading zero", "{\"x\":01," + members);
    texts.put("a raw line feed in a string", "{\"x\":\"\n\"," + members);
    texts.put("a member twice", "{\"" + member + "\":\"x\"," + members);
    texts.put("a member twice, one escaped", "{\"" + escaped(member) + "\":\"x\"," + members);
    texts.put("a lone surrogate", "{\"x\":\"\\ud800\"," + members);
    texts.put("an unread member twice", "{\"x\":1,\"x\":1," + members);
    texts.put("a nested member twice", "{\"x\":{\"y\":1,\"y\":1}," + members);
    texts.put("33 levels", "{\"x\":" + "[".repeat(32) + "]".repeat(32) + "," + members);
    texts.put("a number of 101 digits", "{\"x\":" + "1".repeat(101) + "," + members);
    return texts;
  }

  private static String escaped(String member) {
    return "\\u%04x".formatted((int) member.charAt(0)) + member.substring(1);
  }

  /** Inserts the bytes in a string at the start of the object. */
  private static byte[] withBytes(String object, byte[] invalid) {
    var bytes = new ByteArrayOutputStream();
    bytes.writeBytes(bytes("{\"x\":\""));
    bytes.writeBytes(invalid);
    bytes.writeBytes(bytes("\"," + object.substring(1)));
    return bytes.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
