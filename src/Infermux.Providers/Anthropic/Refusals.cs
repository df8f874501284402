using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Anthropic;

/// <summary>The words of a refusal.</summary>
internal static class Refusals
{
    /// <summary>Anthropic's explanation, or a plain sentence where it gave none.</summary>
    public static string Explanation(JsonElement? stopDetails) =>
        stopDetails?.Text("explanation") is { Length: > 0 } said ? said : "The model declined to answer this request.";
}
