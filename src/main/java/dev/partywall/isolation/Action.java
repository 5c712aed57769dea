package dev.partywall.isolation;

/**
 * The item actions that the service needs. There is no Scan and no PartiQL here, since their reach
 * is not bound by leading keys. A transaction is authorised by these as well, write by write.
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

  /** As policies spell it. */
  public String id() {
    return id;
  }
}
