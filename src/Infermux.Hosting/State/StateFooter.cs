namespace Infermux.Hosting.State;

/// <summary>Last line of a state file: one without it was cut off.</summary>
/// <param name="Entries">How many entries stand before it.</param>
/// <param name="Sha256">Over the header's and the entries' lines, each with its line feed; lower-case hexadecimal.</param>
internal sealed record StateFooter(long Entries, string Sha256);
