using System.Collections.ObjectModel;
using Infermux.Core.Configuration.Keys;

namespace Infermux.Core.Configuration;

/// <summary>One entry of <c>providers</c>: an upstream with its URL, credential and limits.</summary>
[NotBuilt("signing", "Remove the key; a signing proxy in front of the upstream can do it until then.")]
public sealed record ProviderOptions
{
    /// <summary>Unique id, used in headers, logs, groups, management paths and <c>pricing</c>.</summary>
    [RequiredKey]
    public string Name { get; init; } = "";

    /// <summary>The wire dialect it speaks.</summary>
    [RequiredKey]
    public ProviderType Type { get; init; }

    /// <summary>Our credential. Unset: the caller's token is forwarded, where <c>auth.mode</c> is <c>passthrough</c>.</summary>
    [SecretKey]
    public string? ApiKey { get; init; }

    /// <summary>Absolute http(s) URL. Default by type.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>Limit for a whole answer; of a stream, for its first content only. Default 60s.</summary>
    [Between("10ms", "24h")]
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>TCP and TLS; also how long what was sent over an open connection may stay unacknowledged (Linux). Default 2s.</summary>
    [Between("10ms", "10m")]
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Between two pieces of progress of a stream. Default 60s; comments and pings extend it to 5 min in all.</summary>
    [Between("10ms", "24h")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Model names it serves. Null: no list was given.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>Caller's model name to target model; a name here is served even when not in <see cref="Models"/>.</summary>
    public IReadOnlyDictionary<string, string> ModelAliases { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Ceilings over a rolling minute, held for the whole cluster.</summary>
    public RateLimitOptions RateLimits { get; init; } = new();

    /// <summary>Attempts in flight at once over the cluster. Unset: none.</summary>
    [Between("1")]
    public int? MaxConcurrency { get; init; }

    /// <summary>Out-of-band checks.</summary>
    public HealthCheckOptions HealthCheck { get; init; } = new();

    /// <summary>The global circuit settings with this provider's own keys over them.</summary>
    public CircuitOptions CircuitBreaker { get; init; } = new();

    /// <summary>Deployment name of <c>azure_openai</c>; with it the classic URL form is used, without it the v1 form.</summary>
    public string? AzureDeployment { get; init; }

    /// <summary><c>api-version</c> query value of <c>azure_openai</c>'s classic form.</summary>
    public string? AzureApiVersion { get; init; }

    /// <summary>How <c>azure_openai</c> is told who asks: <c>key</c> (default), or <c>entra</c>, a token of Microsoft Entra ID that Infermux fetches.</summary>
    public AzureAuth AzureAuth { get; init; }

    /// <summary>Tenant of <c>azure_auth: entra</c>. Unset: the one that the machine's identity is in (<c>AZURE_TENANT_ID</c>).</summary>
    public string? AzureTenantId { get; init; }

    /// <summary>
    /// Client id of <c>azure_auth: entra</c>: of a user-assigned managed identity, of a workload identity, or of the application whose secret is beside it.
    /// Unset: the machine's own (<c>AZURE_CLIENT_ID</c>).
    /// </summary>
    public string? AzureClientId { get; init; }

    /// <summary>Secret of that application; needs tenant and client beside it. Unset: the credential chain of Azure's own library.</summary>
    [SecretKey]
    public string? AzureClientSecret { get; init; }

    /// <summary>Scope of the token of <c>azure_auth: entra</c>. Default: the one that fits <c>base_url</c>.</summary>
    public string? AzureScope { get; init; }

    /// <summary>
    /// Values of <c>anthropic-beta</c> that callers may send to a provider of type <c>anthropic</c>, with or without their date; <c>*</c> allows all. The
    /// others are taken out, with the body field that they bring. Unset: those of official clients that change neither the price nor who sees the prompt.
    /// </summary>
    public IReadOnlyList<string>? AnthropicBeta { get; init; }

    /// <summary>
    /// Whether it serves OpenAI's Responses API (<c>/responses</c>), so that such requests go to it as they are. Unset: OpenAI's own host and Azure do, others
    /// do not, and are spoken to in chat. Not for <c>anthropic</c>, <c>gemini</c>, <c>bedrock</c> and <c>echo</c>.
    /// </summary>
    public bool? ResponsesApi { get; init; }

    /// <summary>Region of <c>bedrock</c>, such as <c>us-east-1</c>. Default: the one that <c>base_url</c> names.</summary>
    public string? AwsRegion { get; init; }

    /// <summary>
    /// Access key of <c>bedrock</c>, whose requests are then signed. Unset, and without an <c>api_key</c>: the AWS credential chain (environment, profile, web
    /// identity, container, instance). A caller's token never goes to <c>bedrock</c>.
    /// </summary>
    public string? AwsAccessKeyId { get; init; }

    /// <summary>Its secret; required with it.</summary>
    [SecretKey]
    public string? AwsSecretAccessKey { get; init; }

    /// <summary>Session token of temporary keys.</summary>
    [SecretKey]
    public string? AwsSessionToken { get; init; }

    /// <summary>Profile of the AWS credential chain. Unset: the default one.</summary>
    public string? AwsProfile { get; init; }

    /// <summary>
    /// Google Cloud project: a <c>gemini</c> provider is then called on Vertex AI, and without an <c>api_key</c> with Google's application default
    /// credentials. A caller's token never goes there.
    /// </summary>
    public string? VertexProject { get; init; }

    /// <summary>Location on Vertex AI, such as <c>europe-west4</c>, <c>eu</c> or <c>global</c>. Default <c>global</c>.</summary>
    public string? VertexLocation { get; init; }

    /// <summary>
    /// File of Google credentials for Vertex AI (service account, federation, user). Unset: application default credentials, which are the file of
    /// <c>GOOGLE_APPLICATION_CREDENTIALS</c>, gcloud's file, the machine's or pod's service account.
    /// </summary>
    public string? VertexCredentialsFile { get; init; }

    /// <summary>Extra headers sent upstream.</summary>
    [SecretKey]
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>PEM bundle trusted for this provider, in place of the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>
    /// Whether the host may resolve to a private address. Unset: loopback and private addresses are allowed, link-local (cloud metadata) is refused.
    /// </summary>
    public bool? AllowPrivate { get; init; }

    /// <summary>True for a provider made from a well-known environment variable and not from a file.</summary>
    [NotAKey]
    public bool FromEnvironment { get; init; }
}
