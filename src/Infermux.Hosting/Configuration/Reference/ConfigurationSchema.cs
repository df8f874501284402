using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Core.Configuration.Keys;

namespace Infermux.Hosting.Configuration.Reference;

/// <summary>The JSON schema of <c>infermux.yml</c> (draft 7, which editors' YAML support reads), made from the option types.</summary>
public static class ConfigurationSchema
{
    /// <summary>The file's name, where it is shipped and where <c>init</c> writes it.</summary>
    public const string FileName = "infermux.schema.json";

    private const string DurationPattern = @"^(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|ms|s|m|h))+$|\$";
    private const string SizePattern = @"^[0-9]+(\.[0-9]+)? ?(B|kB|KB|MB|GB|KiB|MiB|GiB)?$|\$";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, NewLine = "\n" };

    /// <summary>The schema as text, ending with a line break.</summary>
    public static string Write()
    {
        var schema = new JsonObject { ["$schema"] = "http://json-schema.org/draft-07/schema#", ["title"] = "infermux.yml" };
        foreach (var (name, value) in Record(typeof(InfermuxOptions), XmlDocs.OfOptions()).ToList()) { schema[name] = value?.DeepClone(); }
        return schema.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Record(Type type, XmlDocs docs)
    {
        var (keys, sample) = (ConfigKeys.Of(type), Activator.CreateInstance(type)!);
        var properties = new JsonObject();
        foreach (var key in keys.Where(k => !k.TakesRest))
        {
            properties[key.Name] = Key(key, sample, docs);
            if (key.AlsoWritten is { } also) { properties[also] = Key(key, sample, docs); }
        }
        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties };
        schema["additionalProperties"] = keys.FirstOrDefault(k => k.TakesRest) is { } rest ? Value(ConfigKeys.MappedBy(rest.ValueType)!, rest, docs) : false;
        if (keys.Where(k => k is { Required: true, AlsoWritten: null }).Select(k => (JsonNode)k.Name).ToArray() is { Length: > 0 } required) { schema["required"] = new JsonArray(required); }
        if (keys.FirstOrDefault(k => k is { Required: true, AlsoWritten: not null }) is { } twoNames)
        {
            schema["anyOf"] = new JsonArray(new JsonObject { ["required"] = new JsonArray(twoNames.Name) }, new JsonObject { ["required"] = new JsonArray(twoNames.AlsoWritten!) });
        }
        if (type.GetCustomAttribute<MayBeListAttribute>() is not { } list) { return schema; }
        return new JsonObject { ["anyOf"] = new JsonArray(properties[list.Key]!.DeepClone(), schema) };
    }

    private static JsonObject Key(ConfigKey key, object sample, XmlDocs docs)
    {
        var schema = Value(key.ValueType, key, docs);
        schema["description"] = docs.Of(key.Property);
        if (Written.Default(sample, key) is { } value) { schema["default"] = Typed(key.ValueType, key, value); }
        return schema;
    }

    private static JsonObject Value(Type type, ConfigKey key, XmlDocs docs)
    {
        if (ConfigKeys.IsRecord(type)) { return Record(type, docs); }
        if (ConfigKeys.ElementOf(type) is { } element) { return new JsonObject { ["type"] = "array", ["items"] = Value(element, key, docs) }; }
        if (ConfigKeys.MappedBy(type) is { } mapped) { return new JsonObject { ["type"] = "object", ["additionalProperties"] = Value(mapped, key, docs) }; }
        if (type == typeof(string)) { return new JsonObject { ["type"] = "string" }; }
        if (type == typeof(TimeSpan)) { return new JsonObject { ["type"] = new JsonArray("string", "integer"), ["pattern"] = DurationPattern, ["maximum"] = 0 }; }
        if (key.IsByteSize) { return new JsonObject { ["type"] = new JsonArray("string", "integer"), ["pattern"] = SizePattern, ["minimum"] = 0 }; }
        var plain = type.IsEnum ? Words(type) : type == typeof(bool) ? new JsonObject { ["type"] = "boolean" } : Number(type, key);
        return new JsonObject { ["anyOf"] = new JsonArray(plain, new JsonObject { ["type"] = "string", ["pattern"] = @"\$" }) };
    }

    private static JsonObject Words(Type type) => new() { ["enum"] = new JsonArray([.. ConfigWords.All(type).Select(w => (JsonNode)w)]) };

    private static JsonObject Number(Type type, ConfigKey key)
    {
        var schema = new JsonObject { ["type"] = type == typeof(int) || type == typeof(long) ? "integer" : "number" };
        if (key.Range is { } range)
        {
            schema["minimum"] = decimal.Parse(range.Least, CultureInfo.InvariantCulture);
            if (range.Most is { } most) { schema["maximum"] = decimal.Parse(most, CultureInfo.InvariantCulture); }
        }
        return schema;
    }

    private static JsonNode Typed(Type type, ConfigKey key, string value) =>
        type == typeof(bool) ? string.Equals(value, "true", StringComparison.Ordinal)
        : type == typeof(string) || type == typeof(TimeSpan) || type.IsEnum || key.IsByteSize ? value
        : decimal.Parse(value, NumberStyles.Float, CultureInfo.InvariantCulture);
}
