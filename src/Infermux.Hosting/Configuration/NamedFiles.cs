using Infermux.Core.Configuration;

namespace Infermux.Hosting.Configuration;

/// <summary>
/// Files that the configuration names. One that is not here is a warning, since a file is often checked on another machine than it runs on, and an error
/// for a process that is about to use it. One that is here and unusable is always an error.
/// </summary>
internal static class NamedFiles
{
    public static IEnumerable<ConfigProblem> Of(InfermuxOptions options, Func<string, string?> readFile, bool needed)
    {
        (string Path, string? File)[] tls = options.Tls is { } t ? [("tls.cert_file", t.CertFile), ("tls.key_file", t.KeyFile)] : [];
        var missing = tls.Concat(options.Providers.Select((p, i) => ($"providers[{i}].ca_file", p.CaFile)))
            .Concat(options.Providers.Select((p, i) => ($"providers[{i}].vertex_credentials_file", p.VertexCredentialsFile)))
            .Where(f => f.Item2 is { Length: > 0 } name && readFile(name) is null)
            .Select(f => new ConfigProblem(f.Item1, $"the file '{f.Item2}' cannot be read here.",
                needed ? "Put it there and let this process read it, or correct the path." : "Put it there before 'infermux serve', which will not start without it.", IsWarning: !needed));
        return options.Tls is { } pair ? missing.Concat(CertificateFiles.Problems(pair, readFile)) : missing;
    }
}
