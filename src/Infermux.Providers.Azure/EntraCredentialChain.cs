using System.Collections.Concurrent;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Infermux.Providers.Credentials;
using LinksUnavailable = Azure.Identity.CredentialUnavailableException;

namespace Infermux.Providers.Azure;

/// <summary>
/// The credential chain of Azure's own library: client secret or certificate of the environment, workload identity of Kubernetes, managed identity, Azure CLI;
/// <c>AZURE_TOKEN_CREDENTIALS</c> narrows it. An identity with a secret of its own is asked for by that alone. What it gives is kept, and fetched anew before
/// it ends.
/// </summary>
internal sealed class EntraCredentialChain : IEntraTokenSource
{
    private const string AuthoritysCode = "AADSTS";

    private readonly ConcurrentDictionary<EntraIdentity, RefreshedCredential<string>> _byIdentity = [];
    private readonly Func<EntraIdentity, TokenCredential> _find;
    private readonly TimeProvider _time;

    /// <summary>The chain of this machine.</summary>
    public EntraCredentialChain(TimeProvider time)
        : this(time, static identity => Find(identity))
    {
    }

    internal EntraCredentialChain(TimeProvider time, Func<EntraIdentity, TokenCredential> find) => (_time, _find) = (time, find);

    /// <inheritdoc/>
    public ValueTask<string> GetAsync(EntraIdentity identity, CancellationToken cancellationToken) =>
        _byIdentity.GetOrAdd(identity, Keep).GetAsync(cancellationToken);

    /// <summary>The library's credential for an identity.</summary>
    /// <param name="identity">Whose.</param>
    /// <param name="transport">How the authority is reached; null: the library's own way, which honours <c>HTTPS_PROXY</c>.</param>
    internal static TokenCredential Find(EntraIdentity identity, HttpPipelineTransport? transport = null) => identity switch
    {
        { ClientSecret: { } secret, TenantId: { } tenant, ClientId: { } client } =>
            new ClientSecretCredential(tenant, client, secret, WithTransport(new ClientSecretCredentialOptions(), transport)),
        _ => new DefaultAzureCredential(WithTransport(Chain(identity), transport)),
    };

    // Without the tools of a developer's machine that are slow to start; of those the Azure CLI stays.
    private static DefaultAzureCredentialOptions Chain(EntraIdentity identity)
    {
        var options = new DefaultAzureCredentialOptions
        {
            ExcludeVisualStudioCredential = true,
            ExcludeVisualStudioCodeCredential = true,
            ExcludeAzurePowerShellCredential = true,
            ExcludeAzureDeveloperCliCredential = true,
            ExcludeInteractiveBrowserCredential = true,
            ExcludeBrokerCredential = true,
        };
        if (identity.ClientId is { } client)
        {
            (options.ManagedIdentityClientId, options.WorkloadIdentityClientId) = (client, client);
        }

        if (identity.TenantId is { } tenant)
        {
            options.TenantId = tenant;
        }

        return options;
    }

    private static T WithTransport<T>(T options, HttpPipelineTransport? transport)
        where T : TokenCredentialOptions
    {
        options.Transport = transport ?? options.Transport;
        return options;
    }

    private RefreshedCredential<string> Keep(EntraIdentity identity)
    {
        TokenCredential? found = null; // made when it is first needed, and kept: the library remembers which link of its chain gave a token
        return new(
            async cancellationToken =>
            {
                try
                {
                    var token = await (found ??= _find(identity)).GetTokenAsync(new TokenRequestContext([identity.Scope]), cancellationToken);
                    return new FetchedCredential<string>(token.Token, token.ExpiresOn);
                }
                catch (Exception failed) when (failed is not (OperationCanceledException or CredentialUnavailableException))
                {
                    throw new CredentialUnavailableException(
                        $"Microsoft Entra ID gives no token ({Said(failed)}). Set AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET, or give the machine or pod an "
                        + "identity with a role on the resource; or api_key in place of azure_auth.",
                        failed);
                }
            },
            _time);
    }

    /// <summary>What the authority said, which begins with its code, else what each link of the chain said, without the addresses of pages.</summary>
    private static string Said(Exception failed)
    {
        for (var cause = failed; cause is not null; cause = cause.InnerException)
        {
            if (cause.Message.IndexOf(AuthoritysCode, StringComparison.Ordinal) is >= 0 and var at)
            {
                return Failures.SecretMask.Apply(cause.Message[at..].Split('\n')[0].Trim());
            }
        }

        var lines = failed.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => line.Split(" See the ")[0].TrimStart('-', ' ')).Where(static line => line.Length > 0).ToList();
        return Failures.SecretMask.Apply(string.Join(" ", failed is LinksUnavailable && lines.Count > 1 ? lines.Skip(1) : lines.Take(1)));
    }
}
