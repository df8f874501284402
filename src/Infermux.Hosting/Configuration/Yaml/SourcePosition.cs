namespace Infermux.Hosting.Configuration.Yaml;

/// <summary>A place in the file as its author sees it, both from 1.</summary>
internal readonly record struct SourcePosition(int Line, int Column);
