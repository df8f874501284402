namespace Infermux.Testing;

/// <summary>How playing an answer ended.</summary>
/// <param name="Outcome">How.</param>
/// <param name="Output">Completion tokens written.</param>
/// <param name="Content">Content events written.</param>
/// <param name="Reset">Whether the connection is to be reset once this is booked.</param>
internal readonly record struct Ended(RequestOutcome Outcome, long Output = 0, int Content = 0, bool Reset = false);
