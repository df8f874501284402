namespace Infermux.Core.Routing;

/// <summary>What selection needs to know of one attempt of a request.</summary>
public readonly record struct RouteFacts()
{
    /// <summary>The model asked for: the caller's, or the one a budget put in its place.</summary>
    public required string Model { get; init; }

    /// <summary>What is asked for.</summary>
    public RoutedOperation Operation { get; init; }

    /// <summary>Who is charged.</summary>
    public string Caller { get; init; } = "";

    /// <summary><c>X-Infermux-Project</c>, or empty.</summary>
    public string Project { get; init; } = "";

    /// <summary><c>X-Infermux-Env</c>, or empty.</summary>
    public string Env { get; init; } = "";

    /// <summary>Whether a stream is asked for.</summary>
    public bool Stream { get; init; }

    /// <summary>Whether the request carries tools.</summary>
    public bool Tools { get; init; }

    /// <summary>1 for the first attempt.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Prompt tokens expected.</summary>
    public long PromptEstimate { get; init; }

    /// <summary>Completion tokens expected, all choices together.</summary>
    public long ExpectedCompletion { get; init; }

    /// <summary>Images, seconds, characters or searches at most, of what is metered; 0 for all others.</summary>
    public long Units { get; init; }

    /// <summary>Providers already tried.</summary>
    public IReadOnlyList<string> Tried { get; init; } = [];

    /// <summary>Whether the caller sent a token that may be forwarded.</summary>
    public bool CallerCredential { get; init; }

    /// <summary>Base URL the caller's token already went to; null: nowhere yet.</summary>
    public string? CredentialBaseUrl { get; init; }

    /// <summary>Only models with a known window larger than this; null: any.</summary>
    public long? WindowLargerThan { get; init; }

    /// <summary>Name of the provider that made the newest opaque value in the request (a signature, an encrypted item); null: there is none.</summary>
    public string? Maker { get; init; }
}
