namespace Infermux.Hosting.State;

/// <summary>One member of a sorted set.</summary>
internal sealed record StateMember(byte[] Member, double Score);
