namespace Infermux.Hosting.Configuration.Yaml;

/// <summary>The text is not one YAML document.</summary>
internal sealed class YamlSyntaxException : Exception
{
    public YamlSyntaxException(SourcePosition position, string message, Exception? innerException)
        : base(message, innerException) => Position = position;

    /// <summary>Where the parser gave up.</summary>
    public SourcePosition Position { get; }
}
