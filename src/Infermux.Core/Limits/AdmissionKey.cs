namespace Infermux.Core.Limits;

/// <summary>One attempt of one operation: it is admitted once.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Attempt">Its attempt.</param>
public readonly record struct AdmissionKey(Guid Operation, int Attempt);
