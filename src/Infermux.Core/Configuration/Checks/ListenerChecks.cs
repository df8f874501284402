using Infermux.Core.Routing;

namespace Infermux.Core.Configuration.Checks;

/// <summary>Listeners can be opened, and a public one does not spend our keys for anybody.</summary>
internal static class ListenerChecks
{
    internal static IEnumerable<ConfigProblem> Of(InfermuxOptions options)
    {
        var listen = ListenAddress.Read(options.Listen);
        if (listen is null) { yield return Unreadable("listen", options.Listen); }
        if (options.ManagementListen is { } written)
        {
            var management = ListenAddress.Read(written);
            if (management is null) { yield return Unreadable("management_listen", written); }
            else if (management == listen && management.Port != 0)
            {
                yield return new("management_listen", $"'{written}' is the address of 'listen' too.", "Give it a port of its own, or leave it out.");
            }
        }
        if (listen is { IsLoopback: false } && options.Auth.Mode == AuthMode.Passthrough && OwnKeys(options) is { Count: > 0 } owners)
        {
            yield return new("listen", $"'{options.Listen}' is reachable from other machines, callers are not checked, and the keys of {string.Join(", ", owners)} pay for whoever calls.",
                "Listen on 127.0.0.1, or set 'auth: {mode: static_key, key: ...}'.", IsWarning: true);
        }
    }

    private static List<string> OwnKeys(InfermuxOptions options) => [.. options.Providers.Where(p => ProviderEndpoint.Credential(p) is CredentialNeed.Own).Select(p => p.Name)];

    private static ConfigProblem Unreadable(string path, string found) =>
        new(path, $"'{found}' is not an address to listen on.", "Write 'host:port' such as '127.0.0.1:8080', or ':8080' for every interface.");
}
