namespace Infermux.Core.Limits;

/// <summary>What a health check found.</summary>
/// <param name="Checked">False where the method is off or needs a key that is not there.</param>
/// <param name="Alive">Any answer that proves life.</param>
/// <param name="Detail">What it said, for logs; never a credential.</param>
/// <param name="Models">Names its listing gave; null where it listed none.</param>
public sealed record ProbeResult(bool Checked, bool Alive, string Detail, IReadOnlyList<string>? Models = null);
