using System.Security.Cryptography;
using System.Text;
using Infermux.Core.Configuration;
using Infermux.Gateway.Inference.Errors;

namespace Infermux.Gateway.Inference.Inbound;

/// <summary>Who is charged for a request, and the token they sent.</summary>
/// <param name="Caller">Value of <c>X-Infermux-Caller</c>, or <c>anonymous</c>.</param>
/// <param name="Project">Value of <c>X-Infermux-Project</c>, or empty.</param>
/// <param name="Env">Value of <c>X-Infermux-Env</c>, or empty.</param>
/// <param name="ForwardableToken">The bearer token, <c>x-api-key</c> or <c>api-key</c>, where <c>auth.mode</c> lets it travel upstream; else null.</param>
internal sealed record CallerIdentity(string Caller, string Project, string Env, string? ForwardableToken)
{
    public const string Anonymous = "anonymous";

    /// <exception cref="InferenceException">401 for a wrong key; 400 for a header that is no name.</exception>
    public static CallerIdentity Read(HttpRequest request, AuthOptions auth)
    {
        var token = BearerToken(request);
        var key = ApiKey(request);
        if (auth.Mode == AuthMode.StaticKey && !SameSecret(token, auth.Key) && !SameSecret(key, auth.Key))
        {
            throw Refusals.Unauthorized();
        }

        return new(
            Name(request, "X-Infermux-Caller") ?? Anonymous,
            Name(request, "X-Infermux-Project") ?? "",
            Name(request, "X-Infermux-Env") ?? "",
            auth.Mode == AuthMode.Passthrough ? token ?? key : null);
    }

    public static string? BearerToken(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        return header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && header.Length > 7 ? header[7..].Trim() : null;
    }

    /// <summary>Where Anthropic's clients (<c>x-api-key</c>) and Azure's (<c>api-key</c>) put their key.</summary>
    private static string? ApiKey(HttpRequest request) =>
        request.Headers["x-api-key"].ToString().Trim() is { Length: > 0 } key ? key
        : request.Headers["api-key"].ToString().Trim() is { Length: > 0 } azure ? azure
        : null;

    /// <summary>Compares in constant time: hashing first hides the length too.</summary>
    public static bool SameSecret(string? sent, string? expected) =>
        sent is not null && expected is not null
        && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(sent)), SHA256.HashData(Encoding.UTF8.GetBytes(expected)));

    private static string? Name(HttpRequest request, string header)
    {
        if (!request.Headers.TryGetValue(header, out var values))
        {
            return null;
        }

        var value = values.ToString();
        return values.Count == 1 && Printable.IsName(value)
            ? value
            : throw Refusals.Invalid($"Header {header} must be sent once and be 1 to 128 printable ASCII characters.", header);
    }
}
