using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Infermux.Manifests;

/// <summary>YAML as a tree of JSON, for what has no type of its own.</summary>
public static class YamlTree
{
    private const string Merge = "<<";

    /// <summary>The first document of a text.</summary>
    public static JsonNode Of(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return Node(stream.Documents[0].RootNode) ?? throw new InvalidOperationException("The document is empty.");
    }

    private static JsonNode? Node(YamlNode node) => node switch
    {
        YamlMappingNode map => Mapping(map),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Node)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value!),
        YamlScalarNode written => JsonValue.Create(written.Value),
        _ => throw new InvalidOperationException($"{node.NodeType} at {node.Start} is nothing that a manifest needs."),
    };

    /// <summary>With what <c>&lt;&lt;</c> takes over from elsewhere, over which the mapping's own keys go.</summary>
    private static JsonObject Mapping(YamlMappingNode map)
    {
        var merged = new JsonObject();
        foreach (var (key, value) in map.Children.OrderByDescending(entry => ((YamlScalarNode)entry.Key).Value is Merge))
        {
            var name = ((YamlScalarNode)key).Value!;
            var said = name is Merge ? (JsonObject)Node(value)! : new JsonObject { [name] = Node(value) };
            foreach (var (each, node) in said.ToArray())
            {
                said.Remove(each);
                merged[each] = node;
            }
        }

        return merged;
    }

    private static JsonValue? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => JsonValue.Create(true),
        "false" => JsonValue.Create(false),
        _ when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        _ => JsonValue.Create(text),
    };
}
