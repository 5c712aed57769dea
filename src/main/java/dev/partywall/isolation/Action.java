package dev.partywall.isolation;

/**
 * The DynamoDB item actions that the service needs. Scan and PartiQL are excluded, because leading
 * keys do not limit them. AWS authorises each write of a transaction by these same actions.
 */
public enum Action {
  GET_ITEM("GetItem"),
  QUERY("Query"),
  PUT_ITEM("PutItem"),
  DELETE_ITEM("DeleteItem");

  private final String id;

  Action(String name) {
    this.id = "dynamodb:" + name;
  }

  /** Returns the action in policy syntax, such as {@code dynamodb:GetItem}. */
  public String id() {
    return id;
  }
}
