namespace Infermux.Providers.Anthropic;

/// <summary><c>tool_choice</c> as it is sent.</summary>
/// <param name="Type"><c>auto</c>, <c>any</c>, <c>tool</c> or <c>none</c>; null: left out.</param>
/// <param name="Name">The forced tool.</param>
/// <param name="NotParallel">One call at a time.</param>
internal readonly record struct ToolChoice(string? Type, string? Name = null, bool NotParallel = false)
{
    /// <summary>Whether a call is forced.</summary>
    public bool Forces => Type is "any" or "tool";
}
