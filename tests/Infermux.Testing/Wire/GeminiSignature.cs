using System.Text;

namespace Infermux.Testing;

/// <summary>Thought signatures as the scripted Gemini makes and checks them: each names the model and what it belongs to.</summary>
internal static class GeminiSignature
{
    public const string Skip = "skip_thought_signature_validator";

    /// <summary>Whether models of this name sign, and refuse what is not signed.</summary>
    public static bool IsUsedBy(string model) => model.StartsWith("gemini-3", StringComparison.Ordinal);

    public static string Of(string model, string what) => Convert.ToBase64String(Encoding.UTF8.GetBytes($"{model}/{what}"));
}
