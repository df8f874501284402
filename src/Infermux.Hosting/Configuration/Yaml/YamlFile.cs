using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Infermux.Hosting.Configuration.Yaml;

/// <summary>The nodes of one file, and the places they stand at in the text that its author wrote.</summary>
internal sealed class YamlFile
{
    private readonly int _insertedLine;

    private YamlFile(YamlNode? root, int insertedLine) => (Root, _insertedLine) = (root, insertedLine);

    /// <summary>The document, or null for a file without one.</summary>
    public YamlNode? Root { get; }

    /// <summary>Where the illegal shape of <c>budgets</c> was mended, or null.</summary>
    public SourcePosition? Repaired => _insertedLine == 0 ? null : new(_insertedLine, 1);

    /// <summary>Parses the text.</summary>
    /// <exception cref="YamlSyntaxException">The text is not YAML, or holds more than one document.</exception>
    public static YamlFile Parse(string text)
    {
        var (legal, inserted) = BudgetsRepair.Apply(text);
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(legal));
        }
        catch (YamlException e)
        {
            throw new YamlSyntaxException(new YamlFile(null, inserted).At(e.Start), e.InnerException is YamlException inner ? inner.Message : e.Message, e);
        }
        if (stream.Documents.Count > 1)
        {
            var second = new YamlFile(null, inserted).At(stream.Documents[1].RootNode.Start);
            throw new YamlSyntaxException(second, "the file holds more than one document", innerException: null);
        }
        return new(stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode, inserted);
    }

    /// <summary>The place of a mark, not counting the line that the repair put in.</summary>
    public SourcePosition At(Mark mark)
    {
        var line = (int)mark.Line;
        return new(_insertedLine > 0 && line > _insertedLine ? line - 1 : line, (int)mark.Column);
    }

    /// <summary>Whether a node says nothing: <c>key:</c>, <c>~</c> or <c>null</c>.</summary>
    public static bool IsNull(YamlNode node) =>
        node is YamlScalarNode { Style: ScalarStyle.Plain or ScalarStyle.Any } scalar && scalar.Value is null or "" or "~" or "null" or "Null" or "NULL";

    /// <summary>The entries of a mapping with those of <c>&lt;&lt;</c> below its own.</summary>
    public static IEnumerable<(YamlNode Key, YamlNode Value)> Entries(YamlMappingNode mapping)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in mapping.Children.Where(c => !IsMerge(c.Key)))
        {
            if (key is YamlScalarNode { Value: { } name }) { seen.Add(name); }
            yield return (key, value);
        }
        var merged = mapping.Children.Where(c => IsMerge(c.Key)).SelectMany(c => c.Value is YamlSequenceNode list ? list.Children : [c.Value]);
        foreach (var (key, value) in merged.OfType<YamlMappingNode>().Where(m => !ReferenceEquals(m, mapping)).SelectMany(m => m.Children))
        {
            if (key is YamlScalarNode { Value: { } name } && seen.Add(name)) { yield return (key, value); }
        }
    }

    private static bool IsMerge(YamlNode key) => key is YamlScalarNode { Value: "<<", Style: ScalarStyle.Plain };
}
