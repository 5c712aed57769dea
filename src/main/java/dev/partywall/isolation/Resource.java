package dev.partywall.isolation;

/** One thing that a policy is about. Never a pattern: its parts are literals. */
public sealed interface Resource {
  /** Its Amazon resource name. */
  String arn();

  /** A table. */
  record Table(Literal partition, Literal region, Literal account, Literal name)
      implements Resource {
    @Override
    public String arn() {
      return "arn:%s:dynamodb:%s:%s:table/%s".formatted(partition, region, account, name);
    }
  }

  /** A table's index, which policies know as a thing of its own. */
  record Index(Table table, Literal name) implements Resource {
    @Override
    public String arn() {
      return table.arn() + "/index/" + name;
    }
  }
}
