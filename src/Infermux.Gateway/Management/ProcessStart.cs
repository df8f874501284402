namespace Infermux.Gateway.Management;

/// <summary>When this process began to serve, by its own clock.</summary>
/// <param name="Timestamp">Of the TimeProvider.</param>
internal sealed record ProcessStart(long Timestamp);
