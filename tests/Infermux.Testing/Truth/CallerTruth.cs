namespace Infermux.Testing;

/// <summary>What one caller was served and billed.</summary>
/// <param name="Requests">Inference requests begun.</param>
/// <param name="Billed">Tokens billed.</param>
/// <param name="Cost">Their cost in USD.</param>
public sealed record CallerTruth(long Requests, TokenCount Billed, decimal Cost);
