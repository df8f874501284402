namespace Infermux.Core.Routing;

/// <summary>Whether a gateway that reaches no silo lets an attempt go out.</summary>
/// <param name="Refusal">Why not; null where it may.</param>
/// <param name="Until">When what holds it back ends, where known.</param>
/// <param name="Generation">Generation of the gateway's own circuit that it goes out under.</param>
/// <param name="ProbePermit">Set when it is the gateway's own probe.</param>
public readonly record struct LocalAdmission(Verdict? Refusal, DateTimeOffset? Until, long Generation, Guid? ProbePermit);
