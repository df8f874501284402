using System.Collections.Frozen;
using System.Collections.ObjectModel;
using System.Security.Cryptography;
using System.Text;
using Infermux.Core.Configuration;
using Infermux.Core.Configuration.Checks;
using Infermux.Core.Pricing;
using Infermux.Hosting.Configuration.Binding;
using Infermux.Hosting.Configuration.Substitution;
using Infermux.Hosting.Configuration.WellKnown;
using Infermux.Hosting.Configuration.Yaml;
using YamlDotNet.RepresentationModel;

namespace Infermux.Hosting.Configuration;

/// <summary>
/// Reads <c>infermux.yml</c>: parse, substitute, bind, put flags and environment over it, check, freeze. Every problem of a load is reported at once, each
/// with its place. Opens no connection.
/// </summary>
/// <param name="variable">The value of an environment variable, or null.</param>
/// <param name="readFile">The text of a file, or null where it is not there or cannot be read.</param>
public sealed class ConfigurationLoader(Func<string, string?> variable, Func<string, string?> readFile)
{
    /// <summary>Keys that say where one process is, and so differ between processes of one configuration: not part of its hash.</summary>
    private static readonly FrozenSet<string> OneProcess = new[]
    {
        "listen", "management_listen", "cluster.silo_port", "cluster.gateway_port", "cluster.advertised_ip", "cluster.data_dir",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>A loader on this process's environment and file system.</summary>
    public static ConfigurationLoader OfThisProcess { get; } = new(Environment.GetEnvironmentVariable, ReadOrNull);

    /// <summary>Loads what was asked for.</summary>
    public ConfigurationResult Load(ConfigurationRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var files = new Dictionary<string, string?>(StringComparer.Ordinal);
        var named = request.Path ?? (variable("INFERMUX_CONFIG") is { Length: > 0 } fromEnvironment ? fromEnvironment : null);
        var path = named ?? ConfigurationRequest.DefaultPath;
        var text = Read(path, files);
        if (text is not null) { return new FileLoad(this, request, path, text, files).Run(); }
        return named is null && !request.FileRequired ? FromEnvironment(request, files) : NotFound(request, path, files);
    }

    /// <summary>What changed in the files of an earlier load: true where a reload would see other text.</summary>
    internal bool HasChanged(IReadOnlyDictionary<string, string?> files) =>
        files.Any(f => !string.Equals(readFile(f.Key), f.Value, StringComparison.Ordinal));

    private static ConfigurationResult NotFound(ConfigurationRequest request, string path, Dictionary<string, string?> files)
    {
        var by = request.Path is not null ? "--config" : request.FileRequired ? "" : "INFERMUX_CONFIG";
        var problem = new ConfigProblem("", "the file does not exist or cannot be read.",
            $"{(by.Length > 0 ? $"Correct {by}, or c" : "C")}reate it with 'infermux init --config {path}'.");
        return new(null, LoadFailure.NotFound, [new(path, 0, 0, problem)], files);
    }

    private ConfigurationResult FromEnvironment(ConfigurationRequest request, Dictionary<string, string?> files)
    {
        var (providers, halfSet) = new EnvironmentProviders(variable).Find();
        var options = new InfermuxOptions { Listen = "127.0.0.1:8080", Providers = [.. providers.Select(p => p.Provider)] };
        var entries = providers.SelectMany((p, i) => Shown(p.Provider, i, p.Variable)).ToList();
        return Finish(request, file: null, options, new BindTrace("environment"), [.. halfSet.Select(h => new LocatedProblem(h.Variable, 0, 0, h.Problem))],
            entries, providers.Select(p => ($"providers.{p.Provider.Name}", $"{p.Provider.ApiKey}|{p.Provider.BaseUrl}|{p.Provider.AzureDeployment}|{p.Provider.AzureApiVersion}")), files);
    }

    private static IEnumerable<ConfigurationEntry> Shown(ProviderOptions provider, int i, string origin)
    {
        yield return new($"providers[{i}].name", provider.Name, origin);
        yield return new($"providers[{i}].type", Core.Configuration.Keys.ConfigWords.Of(provider.Type), origin);
        if (provider.ApiKey is not null) { yield return new($"providers[{i}].api_key", "***", origin); }
        if (provider.BaseUrl is not null) { yield return new($"providers[{i}].base_url", "***", origin); }
    }

    private ConfigurationResult Finish(ConfigurationRequest request, string? file, InfermuxOptions options, BindTrace trace, IReadOnlyList<LocatedProblem> found,
        List<ConfigurationEntry> entries, IEnumerable<(string Path, string Value)> values, Dictionary<string, string?> files)
    {
        var problems = found.ToList();
        var hashed = values.ToList();
        foreach (var over in Overrides.InForce(variable, request.Flags))
        {
            (options, var problem) = Overrides.Apply(options, over);
            if (problem is not null) { problems.Add(problem); }
            entries = [.. entries.Where(e => !string.Equals(e.Path, over.Path, StringComparison.Ordinal)), new(over.Path, over.Text, over.Source)];
            hashed = [.. hashed.Where(v => !string.Equals(v.Path, over.Path, StringComparison.Ordinal)), (over.Path, over.Text)];
        }
        var prices = PriceTable.Build(options);
        foreach (var problem in ConfigChecks.Run(options, prices).Concat(NamedFiles.Of(options, readFile, request.FilesNeeded)).Where(p => !trace.IsUnread(p.Path))) { trace.Add(problem); }
        List<LocatedProblem> all = [.. problems, .. trace.Problems];
        all = [.. all.Distinct().OrderBy(p => p.Line).ThenBy(p => p.Column)];
        if (all.Exists(p => !p.IsWarning)) { return new(null, LoadFailure.Invalid, all, files); }
        var loaded = new LoadedConfiguration(this, file is null ? ReadOnlyDictionary<string, string?>.Empty : files)
        {
            Snapshot = new(options, prices, Hash(hashed)),
            File = file,
            Warnings = all,
            Entries = entries,
            SecretPaths = trace.SecretPaths,
            // A reload asks for this very file, so that one which vanishes is a refused reload and not a change to other providers.
            Request = file is null ? request : request with { Path = file },
        };
        return new(loaded, LoadFailure.None, all, files);
    }

    private static string Hash(IEnumerable<(string Path, string Value)> values)
    {
        var text = string.Join('\n', values.Where(v => !OneProcess.Contains(v.Path)).OrderBy(v => v.Path, StringComparer.Ordinal).Select(v => $"{v.Path}={v.Value.Length}:{v.Value}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..12];
    }

    private string? Read(string path, Dictionary<string, string?> files) => files[path] = readFile(path);

    private static string? ReadOrNull(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return null; // the caller says which key or flag named the file, and how to mend it
        }
    }

    /// <summary>One load of one file.</summary>
    private sealed class FileLoad(ConfigurationLoader loader, ConfigurationRequest request, string path, string text, Dictionary<string, string?> files)
    {
        private readonly BindTrace _trace = new(path);

        public ConfigurationResult Run()
        {
            YamlFile yaml;
            try
            {
                yaml = YamlFile.Parse(text);
            }
            catch (YamlSyntaxException e)
            {
                _trace.Add(e.Position, new("", $"not valid YAML: {e.Message.TrimEnd('.')}.", "Correct the indentation or quoting here; nothing else was checked."));
                return new(null, LoadFailure.Malformed, _trace.Problems, files);
            }
            if (yaml.Root is not YamlMappingNode root) { return Empty(yaml.Root); }
            if (yaml.Repaired is { } repaired)
            {
                _trace.Add(repaired, new("budgets", "a list beside other keys is not valid YAML; it is read as the value of 'callers'.",
                    "Write the legal form: 'budgets:', and below it 'callers:' with the entries as its list.", IsWarning: true));
            }
            var options = new OptionsBinder(yaml, new Substituter(loader.Variable, ReadSecret), _trace, request.Strict).Bind(root);
            return loader.Finish(request, path, options, _trace, [], [.. _trace.Entries], _trace.Values, files);
        }

        private ConfigurationResult Empty(YamlNode? root)
        {
            var (problem, failure) = root is null || YamlFile.IsNull(root) ? ("the file is empty, and 'providers' is needed.", LoadFailure.Invalid) : ("the file is not a block of keys.", LoadFailure.Invalid);
            _trace.Add(new SourcePosition(1, 1), new("", problem, "Write 'providers:' with at least one entry; 'infermux init' makes a file to start from."));
            return new(null, failure, _trace.Problems, files);
        }

        // A relative name is looked for beside the file that says it.
        private string? ReadSecret(string name) =>
            loader.Read(Path.IsPathRooted(name) ? name : Path.Combine(Path.GetDirectoryName(path) ?? "", name), files);
    }

    private string? Variable(string name) => variable(name);
}
