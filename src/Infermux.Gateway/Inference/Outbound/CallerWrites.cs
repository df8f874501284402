namespace Infermux.Gateway.Inference.Outbound;

/// <summary>
/// Tells a connection to the caller that broke under a write from everything else. Whoever writes to the caller asks here at once: further up the same
/// exceptions would be taken for the provider's.
/// </summary>
internal static class CallerWrites
{
    /// <summary>Whether a write to the caller failed because nobody takes it any more.</summary>
    public static bool Broke(Exception failed) => failed is OperationCanceledException or IOException;
}
