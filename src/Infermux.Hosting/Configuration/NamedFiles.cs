using Infermux.Core.Configuration;

namespace Infermux.Hosting.Configuration;

/// <summary>Files that the configuration names and that are not here: a warning, since a file is often checked on another machine than it runs on.</summary>
internal static class NamedFiles
{
    public static IEnumerable<ConfigProblem> Of(InfermuxOptions options, Func<string, string?> readFile)
    {
        (string Path, string? File)[] tls = options.Tls is { } t ? [("tls.cert_file", t.CertFile), ("tls.key_file", t.KeyFile)] : [];
        return tls.Concat(options.Providers.Select((p, i) => ($"providers[{i}].ca_file", p.CaFile)))
            .Where(f => f.Item2 is { Length: > 0 } name && readFile(name) is null)
            .Select(f => new ConfigProblem(f.Item1, $"the file '{f.Item2}' cannot be read here.", "Put it there before 'infermux serve', which will not start without it.", IsWarning: true));
    }
}
