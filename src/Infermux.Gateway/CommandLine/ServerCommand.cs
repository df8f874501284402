using System.CommandLine;
using Infermux.Hosting.Listening;
using Infermux.Hosting.SelfChecks;

namespace Infermux.Gateway.CommandLine;

/// <summary>What the verbs that ask a running gateway share: where it is, how to print, and what an unreachable one means.</summary>
internal static class ServerCommand
{
    private const string DefaultServer = "http://localhost:8080";

    public static Option<string> Server() => new("--server")
    {
        Description = "Address of the management API (INFERMUX_SERVER).",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable("INFERMUX_SERVER") is { Length: > 0 } server ? server : DefaultServer,
    };

    public static Option<string> Format(params string[] formats)
    {
        var option = new Option<string>("--format") { Description = string.Join(", ", formats), DefaultValueFactory = _ => formats[0] };
        option.AcceptOnlyFromAmong(formats);
        return option;
    }

    /// <summary>What the management API wants to be sent.</summary>
    /// <exception cref="StartRefusedException">A file that holds it was named, and does not.</exception>
    public static string? Token() => ManagementToken.FromEnvironment().Value;

    /// <summary>Asks a gateway; whatever keeps it from answering as one ends with its own exit code, never with that of an answer.</summary>
    /// <param name="parsed">The command line, for its output.</param>
    /// <param name="server">The gateway's address; without a scheme, http.</param>
    /// <param name="token">The bearer token, or null for none; <see cref="Token"/>, or a caller's key.</param>
    /// <param name="ask">The question; its result is the exit code.</param>
    public static async Task<int> RunAsync(ParseResult parsed, string server, Func<string?> token, Func<ServerClient, Task<int>> ask)
    {
        try
        {
            using var client = new ServerClient(server, token());
            return await ask(client);
        }
        catch (Exception refused) when (refused is ServerException or StartRefusedException)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync(refused.Message);
            return ExitCode.Unreachable;
        }
    }
}
