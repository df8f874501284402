using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Infermux.Core.Configuration;
using Infermux.Core.Configuration.Keys;

namespace Infermux.Hosting.Configuration.Reference;

/// <summary>The summaries of the option types, from the documentation file that the compiler writes beside Infermux.Core.</summary>
internal sealed partial class XmlDocs
{
    private readonly Dictionary<string, XElement> _members;

    private XmlDocs(XDocument document) =>
        _members = document.Descendants("member").ToDictionary(m => m.Attribute("name")!.Value, m => m.Element("summary") ?? new XElement("summary"), StringComparer.Ordinal);

    /// <summary>The documentation file of the assembly that holds the option types.</summary>
    /// <exception cref="FileNotFoundException">It was left out when the program was published.</exception>
    public static XmlDocs OfOptions()
    {
        var file = Path.Combine(AppContext.BaseDirectory, $"{typeof(InfermuxOptions).Assembly.GetName().Name}.xml");
        return File.Exists(file) ? new(XDocument.Load(file))
            : throw new FileNotFoundException($"'{file}' is needed for the descriptions. Publish with PublishDocumentationFiles left on, or run from a build.", file);
    }

    public string Of(PropertyInfo property) => Text($"P:{property.DeclaringType!.FullName}.{property.Name}");

    public string Of(Type type) => Text($"T:{type.FullName}");

    public string Of(FieldInfo field) => Text($"F:{field.DeclaringType!.FullName}.{field.Name}");

    private string Text(string member) =>
        _members.TryGetValue(member, out var summary) ? Spaces().Replace(string.Concat(summary.Nodes().Select(Written)), " ").Trim() : "";

    private static string Written(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement { Name.LocalName: "see" } see => $"`{Named(see.Attribute("cref")?.Value ?? "")}`",
        XElement other => string.Concat(other.Nodes().Select(Written)),
        _ => "",
    };

    // A reference to a property or an enum's value reads as the word in the file.
    private static string Named(string cref)
    {
        var (member, at) = (cref[(cref.LastIndexOf('.') + 1)..], Math.Max(2, cref.LastIndexOf('.')));
        var type = typeof(InfermuxOptions).Assembly.GetType(cref[2..at]);
        return type?.GetProperty(member) is { } property ? ConfigKey.NameOf(property) : type?.GetField(member) is { } field ? ConfigWords.WordOf(field) : member;
    }

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();
}
