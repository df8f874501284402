namespace Infermux.Core.Configuration;

/// <summary>Values of <c>providers[].azure_auth</c>: how an <c>azure_openai</c> provider is told who asks.</summary>
public enum AzureAuth
{
    /// <summary><c>api_key</c>; without one the caller's token, as everywhere.</summary>
    Key,

    /// <summary>
    /// A token of Microsoft Entra ID, fetched by Infermux itself: <c>azure_client_secret</c>, else what the machine has (environment, workload identity of
    /// Kubernetes, managed identity, Azure CLI). A caller's token never goes there.
    /// </summary>
    Entra,
}
