package dev.partywall.local.aws.sts;

import dev.partywall.local.aws.wire.AwsFault;
import dev.partywall.local.aws.wire.AwsResponse;

/** Writes STS responses in the XML of the Query protocol. */
public final class StsXml {
  private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

  private StsXml() {}

  /** Returns an error response in the format of STS. */
  public static AwsResponse error(AwsFault fault, String requestId) {
    var status = fault.code().xmlStatus();
    var body =
        element("Type", status < 500 ? "Sender" : "Receiver")
            + element("Code", fault.code().xmlName())
            + element("Message", String.valueOf(fault.getMessage()));
    return AwsResponse.xml(
        status,
        "<ErrorResponse xmlns=\"%s\"><Error>%s</Error>%s</ErrorResponse>"
            .formatted(NAMESPACE, body, element("RequestId", requestId)));
  }

  static AwsResponse result(String action, String content, String requestId) {
    return AwsResponse.xml(
        200,
        "<%1$sResponse xmlns=\"%2$s\"><%1$sResult>%3$s</%1$sResult><ResponseMetadata>%4$s</ResponseMetadata></%1$sResponse>"
            .formatted(action, NAMESPACE, content, element("RequestId", requestId)));
  }

  static String element(String name, String text) {
    return "<" + name + ">" + escape(text) + "</" + name + ">";
  }

  static String group(String name, String... children) {
    return "<" + name + ">" + String.join("", children) + "</" + name + ">";
  }

  /** Escapes text for XML. Characters that are invalid in XML become a question mark. */
  private static String escape(String text) {
    return text.replaceAll("[^\\t\\n\\r\\u0020-\\uD7FF\\uE000-\\uFFFD\\x{10000}-\\x{10FFFF}]", "?")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;");
  }
}
