using System.Collections.Frozen;
using System.Text.Json;

namespace Infermux.Providers.Pivot;

/// <summary>Request fields that a dialect has nothing for.</summary>
internal static class UntranslatedFields
{
    /// <summary>Adds the names of the fields that are left out. A value that asks for nothing loses nothing.</summary>
    /// <param name="request">The caller's request.</param>
    /// <param name="translated">Names of the fields that the dialect has an answer to.</param>
    /// <param name="dropped">Takes the names.</param>
    public static void Drop(JsonElement request, FrozenSet<string> translated, ISet<string> dropped)
    {
        foreach (var member in request.EnumerateObject().Where(member => !translated.Contains(member.Name) && AsksForSomething(member)))
        {
            dropped.Add(member.Name);
        }
    }

    private static bool AsksForSomething(JsonProperty member) => member.Value.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.False => false,
        JsonValueKind.String => !member.Value.ValueEquals(""),
        JsonValueKind.Array => member.Value.GetArrayLength() > 0,
        JsonValueKind.Object => member.Value.EnumerateObject().Any(),
        JsonValueKind.Number => !member.Name.EndsWith("_penalty", StringComparison.Ordinal) || member.Value.GetDouble() != 0,
        _ => true,
    };
}
