package dev.partywall.local.aws;

import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.AbstractConstruct;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Parses YAML with CloudFormation's short form of functions into the long form: {@code !Sub x}
 * becomes {@code {"Fn::Sub": "x"}}.
 */
final class ShortFormYaml extends SafeConstructor {
  /** Rejects duplicate keys, as CloudFormation does. */
  ShortFormYaml() {
    super(strict());
    yamlMultiConstructors.put("!", new LongForm());
  }

  private static LoaderOptions strict() {
    var options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    return options;
  }

  private final class LongForm extends AbstractConstruct {
    @Override
    public Object construct(Node node) {
      var name = node.getTag().getValue().substring(1);
      return switch (name) {
        case "Ref", "Condition" -> Map.of(name, value(node));
        case "GetAtt" -> Map.of("Fn::GetAtt", List.of(value(node).toString().split("\\.", 2)));
        default -> Map.of("Fn::" + name, value(node));
      };
    }

    private Object value(Node node) {
      return switch (node) {
        case ScalarNode scalar -> constructScalar(scalar);
        case SequenceNode sequence -> constructSequence(sequence);
        case MappingNode mapping -> constructMapping(mapping);
        default -> throw new IllegalArgumentException("Unsupported node with a tag: " + node);
      };
    }
  }
}
