namespace Infermux.Gateway.Management;

/// <summary>A model a provider rests for.</summary>
internal sealed record RestRow(string Model, DateTimeOffset Until, string Reason);
