namespace Infermux.Hosting.State;

/// <summary>One field of a hash.</summary>
internal sealed record StateField(byte[] Name, byte[] Value);
