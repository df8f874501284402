using Infermux.Core.Configuration;
using Infermux.Providers.Transport;

namespace Infermux.Providers.Aws;

/// <summary>
/// Signs requests to Bedrock as they leave: a signature is void five minutes after its date, so nothing that waits is signed ahead. What is signed are the
/// exact bytes that are sent.
/// </summary>
/// <param name="chain">For providers without keys in the file; null: none was built in.</param>
/// <param name="time">The clock of the signature.</param>
internal sealed class RequestSigner(IAwsCredentialSource? chain, TimeProvider time)
{
    private const string Service = "bedrock";
    private const string DateHeader = "x-amz-date";
    private const string TokenHeader = "x-amz-security-token";

    /// <summary>
    /// Whether a request is to be signed: Bedrock's, unless it carries a Bedrock API key or a credential of the operator's own <c>headers</c>.
    /// </summary>
    public static bool IsNeeded(ProviderOptions provider, HttpRequestMessage request) =>
        provider.Type == ProviderType.Bedrock && !request.Headers.NonValidated.Contains("Authorization");

    /// <summary>Signs it.</summary>
    /// <exception cref="CredentialUnavailableException">There is nothing to sign it with.</exception>
    public async ValueTask SignAsync(ProviderOptions provider, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var region = AwsRegion.Of(provider)
            ?? throw new CredentialUnavailableException(
                $"Provider '{provider.Name}' cannot sign its requests: neither aws_region nor base_url names a region. Set aws_region.");
        Sign(request, await CredentialsAsync(provider, cancellationToken), region, time.GetUtcNow());
    }

    /// <summary>Signs with what is at hand.</summary>
    internal static void Sign(HttpRequestMessage request, AwsCredentials credentials, string region, DateTimeOffset now)
    {
        Set(request, DateHeader, SigV4.Date(now));
        Set(request, TokenHeader, credentials.SessionToken);
        var address = request.RequestUri!;
        var parts = new SignedParts(request.Method.Method, address.AbsolutePath, address.Query.TrimStart('?'), Signed(request), HashOf(request.Content));
        Set(request, "Authorization", SigV4.Authorization(parts, credentials, region, Service));
    }

    private ValueTask<AwsCredentials> CredentialsAsync(ProviderOptions provider, CancellationToken cancellationToken) => provider switch
    {
        { AwsAccessKeyId: { Length: > 0 } id, AwsSecretAccessKey: { Length: > 0 } secret } => new(new AwsCredentials(id, secret, provider.AwsSessionToken)),
        _ when chain is not null => chain.GetAsync(provider.AwsProfile, cancellationToken),
        _ => throw new CredentialUnavailableException(
            $"Provider '{provider.Name}' has no api_key and no aws_access_key_id, and this program was built without the AWS credential chain. "
            + "Set one of them."),
    };

    // Few, so that a proxy that adds or changes others does not break the signature.
    private static IEnumerable<KeyValuePair<string, string>> Signed(HttpRequestMessage request)
    {
        yield return KeyValuePair.Create("host", Host(request));
        foreach (var name in (string[])[DateHeader, TokenHeader])
        {
            if (request.Headers.NonValidated.TryGetValues(name, out var values))
            {
                yield return KeyValuePair.Create(name, values.ToString());
            }
        }

        if (request.Content?.Headers.NonValidated.TryGetValues("Content-Type", out var type) == true)
        {
            yield return KeyValuePair.Create("content-type", type.ToString());
        }
    }

    private static string Host(HttpRequestMessage request)
    {
        var address = request.RequestUri!;
        var name = address.HostNameType == UriHostNameType.IPv6 ? address.Host : address.IdnHost;
        return request.Headers.Host ?? (address.IsDefaultPort ? name : $"{name}:{address.Port}");
    }

    private static string HashOf(HttpContent? content) => content switch
    {
        null => SigV4.EmptyHash,
        RequestBodyContent body => SigV4.Hash(body.WholeBody.Span),
        _ => throw new NotSupportedException($"A body of type {content.GetType().Name} cannot be signed before it is sent."),
    };

    private static void Set(HttpRequestMessage request, string name, string? value)
    {
        request.Headers.Remove(name);
        if (!string.IsNullOrEmpty(value))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
