package dev.partywall.isolation;

/** A resource in a policy statement. It is never a pattern, because its parts are literals. */
public sealed interface Resource {
  /** Returns the Amazon resource name. */
  String arn();

  /** A DynamoDB table. */
  record Table(Literal partition, Literal region, Literal account, Literal name)
      implements Resource {
    @Override
    public String arn() {
      return "arn:%s:dynamodb:%s:%s:table/%s".formatted(partition, region, account, name);
    }
  }

  /** An index of a table. Policies treat it as a separate resource. */
  record Index(Table table, Literal name) implements Resource {
    @Override
    public String arn() {
      return table.arn() + "/index/" + name;
    }
  }
}
