using System.Collections;
using System.Reflection;
using Infermux.Core.Configuration;
using Infermux.Core.Configuration.Keys;
using Infermux.Hosting.Configuration.Substitution;
using Infermux.Hosting.Configuration.Yaml;
using YamlDotNet.RepresentationModel;

namespace Infermux.Hosting.Configuration.Binding;

/// <summary>
/// Binds nodes to the option records by the records' own shape (<see cref="ConfigKeys"/>), reporting every problem with its place. A value that does not
/// bind leaves the default, so that one mistake does not hide the next.
/// </summary>
internal sealed class OptionsBinder(YamlFile file, Substituter substituter, BindTrace trace, bool strict)
{
    // What a new provider starts from: its own circuit_breaker block overrides the global one key by key.
    private CircuitOptions _circuit = new();

    public InfermuxOptions Bind(YamlMappingNode root) => (InfermuxOptions)Record(root, new InfermuxOptions(), "");

    private object Record(YamlMappingNode mapping, object seed, string path)
    {
        var type = seed.GetType();
        var record = type.GetMethod("<Clone>$")!.Invoke(seed, null)!;
        var keys = ConfigKeys.Of(type);
        var given = new HashSet<string>(StringComparer.Ordinal);
        // The global circuit settings come first whatever the order in the file, since providers start from them.
        foreach (var (keyNode, value) in YamlFile.Entries(mapping).OrderBy(e => e.Key is YamlScalarNode { Value: "circuit_breaker" } ? 0 : 1))
        {
            if (Name(keyNode, path) is not { } name) { continue; }
            var key = keys.FirstOrDefault(k => !k.TakesRest && (Same(k.Name, name) || Same(k.AlsoWritten, name)));
            if (key is null) { Other(record, keys, keyNode, name, value, path); continue; }
            if (!given.Add(key.Name)) { trace.Add(file.At(keyNode.Start), new(Child(path, name), $"'{name}' and '{OtherSpelling(key, name)}' are two spellings of one key.", "Keep one of them.")); }
            trace.Stands(Child(path, key.Name), file.At(value is YamlScalarNode ? value.Start : keyNode.Start));
            if (YamlFile.IsNull(value)) { given.Remove(key.Name); continue; }
            Set(record, key, Value(value, key, key.ValueType, Child(path, key.Name), key.Property.GetValue(record)));
            if (record is InfermuxOptions options && Same(key.Name, "circuit_breaker")) { _circuit = options.CircuitBreaker; }
            if (Same(key.AlsoWritten, name)) { given.Add(name); }
        }
        Finish(record, given, mapping, path);
        return record;
    }

    private void Finish(object record, HashSet<string> given, YamlMappingNode mapping, string path)
    {
        foreach (var key in ConfigKeys.Of(record.GetType()).Where(k => k.Required && !given.Contains(k.Name)))
        {
            trace.Unread(Child(path, key.Name));
            trace.Add(file.At(mapping.Start), new(path.Length == 0 ? key.Name : path, $"'{key.Name}' is missing.", $"Add '{key.Name}: {Example(key)}'."));
        }
        foreach (var flag in record.GetType().GetProperties())
        {
            if (flag.GetCustomAttribute<TrueWhenGivenAttribute>() is { } when && given.Contains(when.Key)) { flag.SetValue(record, true); }
        }
        if (record is BudgetOptions { Period: not BudgetPeriod.Month } && given.Contains("monthly_usd"))
        {
            trace.Add(new($"{path}.period", "'monthly_usd' is a limit per month.", "Use 'limit_usd' with another period."));
        }
    }

    private void Other(object record, IReadOnlyList<ConfigKey> keys, YamlNode keyNode, string name, YamlNode value, string path)
    {
        if (keys.FirstOrDefault(k => k.TakesRest) is { } rest && value is YamlMappingNode)
        {
            var map = (IDictionary)Map(ConfigKeys.MappedBy(rest.ValueType)!);
            foreach (DictionaryEntry entry in (IDictionary)rest.Property.GetValue(record)!) { map[entry.Key] = entry.Value; }
            trace.Stands(Child(path, name), file.At(keyNode.Start));
            map[name] = Value(value, rest, ConfigKeys.MappedBy(rest.ValueType)!, Child(path, name), seed: null);
            rest.Property.SetValue(record, map);
            return;
        }
        var child = Child(path, name);
        if (record.GetType().GetCustomAttributes<NotBuiltAttribute>().FirstOrDefault(n => Same(n.Word, name)) is { } notBuilt)
        {
            trace.Add(file.At(keyNode.Start), new(child, $"'{name}' is known but not built yet.", notBuilt.Instead));
            return;
        }
        var names = keys.Where(k => !k.TakesRest).SelectMany(k => k.AlsoWritten is { } also ? [k.Name, also] : new[] { k.Name }).ToList();
        var mend = NearName.Of(name, names) is { } near ? $"Did you mean '{near}'?" : $"Remove it; known here: {string.Join(", ", names)}.";
        trace.Add(file.At(keyNode.Start), new(child, $"'{name}' is not a known key{(strict ? "." : ", and is ignored.")}", mend, IsWarning: !strict));
    }

    private object? Value(YamlNode node, ConfigKey key, Type type, string path, object? seed)
    {
        if (ConfigKeys.IsRecord(type)) { return Block(node, type, path, seed); }
        if (ConfigKeys.ElementOf(type) is { } element) { return List(node, key, element, path); }
        if (ConfigKeys.MappedBy(type) is { } mapped) { return Mapping(node, key, mapped, path); }
        return node is YamlScalarNode scalar ? Scalar(scalar, key, type, path) : Wrong(node, path, "one value", "Write a single value here.");
    }

    private object? Block(YamlNode node, Type type, string path, object? seed)
    {
        seed ??= type == typeof(ProviderOptions) ? new ProviderOptions { CircuitBreaker = _circuit } : Activator.CreateInstance(type)!;
        if (node is YamlSequenceNode && type.GetCustomAttribute<MayBeListAttribute>() is { } list)
        {
            var key = ConfigKeys.Of(type).First(k => Same(k.Name, list.Key));
            trace.Shorthand(Child(path, key.Name), path);
            var record = type.GetMethod("<Clone>$")!.Invoke(seed, null)!;
            trace.Stands(Child(path, key.Name), file.At(node.Start));
            Set(record, key, Value(node, key, key.ValueType, Child(path, key.Name), seed: null));
            return record;
        }
        return node is YamlMappingNode mapping ? Record(mapping, seed, path) : Wrong(node, path, "a block of keys", $"Write 'key: value' lines; known here: {string.Join(", ", ConfigKeys.Of(type).Where(k => !k.TakesRest).Select(k => k.Name))}.");
    }

    private Array? List(YamlNode node, ConfigKey key, Type element, string path)
    {
        if (node is not YamlSequenceNode sequence) { return (Array?)Wrong(node, path, "a list", node is YamlScalarNode { Value: { } one } && element == typeof(string) ? $"Write [{one}]." : "Write entries that start with '- '."); }
        var items = new ArrayList();
        foreach (var (item, i) in sequence.Children.Select((item, i) => (item, i)))
        {
            var at = $"{path}[{i}]";
            trace.Stands(at, file.At(item.Start));
            // An entry that does not bind still takes its place, so that the paths of later ones stay right.
            items.Add((YamlFile.IsNull(item) ? Empty(at) : Value(item, key, element, at, seed: null)) ?? Blank(element));
        }
        return items.ToArray(element);
    }

    private object? Mapping(YamlNode node, ConfigKey key, Type valueType, string path)
    {
        if (node is not YamlMappingNode mapping) { return Wrong(node, path, "a block of names with values", "Write 'name: value' lines."); }
        var map = (IDictionary)Map(valueType);
        foreach (var (keyNode, valueNode) in YamlFile.Entries(mapping))
        {
            if (Name(keyNode, path) is not { } name) { continue; }
            var at = Child(path, name);
            trace.Stands(at, file.At(valueNode is YamlScalarNode ? valueNode.Start : keyNode.Start));
            if (Value(valueNode, key, valueType, at, seed: null) is { } value) { map[name] = value; }
        }
        return map;
    }

    private object? Scalar(YamlScalarNode scalar, ConfigKey key, Type type, string path)
    {
        var at = file.At(scalar.Start);
        var substituted = substituter.Expand(scalar.Value ?? "");
        foreach (var problem in substituted.Problems)
        {
            if (!problem.IsWarning) { trace.Unread(path); }
            trace.Add(at, new(path, problem.Problem, problem.Mend, problem.IsWarning));
        }
        var secret = substituted.IsSecret || key.Secret;
        trace.Value(path, substituted.Text, at, secret);
        // Empty is as good as absent, but for a credential: an empty one fails at its provider, where an absent one would send the caller's token there.
        if (!key.Secret && substituted is { IsSecret: true, Text.Length: 0 }) { return null; }
        var (value, wrong, mend) = ScalarReader.Read(type, key.IsByteSize, substituted.Text);
        if (value is not null) { return value; }
        trace.Unread(path);
        trace.Add(at, new(path, $"'{(secret ? "***" : substituted.Text)}' {wrong}", secret && substituted.Text.Length > 0 ? mend.Replace(substituted.Text, "", StringComparison.Ordinal) : mend));
        return null;
    }

    private object? Empty(string path)
    {
        trace.Unread(path);
        trace.Add(new(path, "the entry is empty.", "Fill it in, or remove it."));
        return null;
    }

    private object? Wrong(YamlNode node, string path, string expected, string mend)
    {
        var found = node switch { YamlMappingNode => "a block of keys", YamlSequenceNode => "a list", _ => "a single value" };
        trace.Unread(path);
        trace.Add(file.At(node.Start), new(path, $"expected {expected}, found {found}.", mend));
        return null;
    }

    private string? Name(YamlNode key, string path)
    {
        if (key is YamlScalarNode { Value: { Length: > 0 } name }) { return name; }
        trace.Add(file.At(key.Start), new(path, "a key must be a plain name.", "Write 'name: value'."));
        return null;
    }

    private static void Set(object record, ConfigKey key, object? value)
    {
        if (value is not null) { key.Property.SetValue(record, value); }
    }

    private object Blank(Type element) =>
        element == typeof(string) ? "" : element == typeof(ProviderOptions) ? new ProviderOptions { CircuitBreaker = _circuit } : Activator.CreateInstance(element)!;

    private static object Map(Type valueType) => Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(typeof(string), valueType), StringComparer.Ordinal)!;

    private static string Example(ConfigKey key) => key.ValueType.IsEnum ? string.Join(" | ", ConfigWords.All(key.ValueType)) : ConfigKeys.ElementOf(key.ValueType) is not null ? "[...]" : "...";

    private static string OtherSpelling(ConfigKey key, string name) => Same(key.Name, name) ? key.AlsoWritten ?? name : key.Name;

    private static string Child(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static bool Same(string? a, string b) => string.Equals(a, b, StringComparison.Ordinal);
}
