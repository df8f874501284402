namespace Infermux.Providers.Gemini;

/// <summary>One content as it is sent.</summary>
/// <param name="Role"><c>user</c> or <c>model</c>.</param>
/// <param name="Parts">Its parts, never empty.</param>
internal sealed record Turn(string Role, IReadOnlyList<Part> Parts)
{
    /// <summary>Whether it brings the results of tools, and then nothing else.</summary>
    public bool IsResults => Parts[0].Kind == PartKind.Result;
}
