namespace Infermux.Testing;

/// <summary>One request with everything that decides how it is answered and billed.</summary>
internal sealed record Exchange(HttpContext Context, RequestEntry Entry, Call Call, Answer Answer, Behaviour Behaviour, IWireFormat Format)
{
    /// <summary>Ends when the caller hangs up or the provider stops.</summary>
    public required CancellationToken Ending { get; init; }
}
