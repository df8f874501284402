namespace Infermux.Hosting.Configuration;

/// <summary>A value that a flag or an environment variable puts over the file's.</summary>
/// <param name="Path">The key: <c>listen</c>, <c>log.level</c>, <c>log.format</c>, <c>log.timestamps</c> or <c>shutdown.drain</c>.</param>
/// <param name="Text">The value as written.</param>
/// <param name="Source">Who says so: <c>--listen</c>, <c>INFERMUX_LISTEN</c>.</param>
public sealed record ConfigurationOverride(string Path, string Text, string Source);
