using System.Text.RegularExpressions;
using Infermux.Providers.Anthropic;

namespace Infermux.Providers.Bedrock;

/// <summary>
/// What a model takes, read off its id: <c>anthropic.claude-sonnet-4-5-20250929-v1:0</c>, the same behind a region's prefix (<c>us.</c>, <c>global.</c>), or
/// an ARN that ends with it. An id that tells no vendor (an application inference profile, an imported model) is taken for a vendor that has nothing but text
/// and tools.
/// </summary>
internal sealed partial class BedrockModel
{
    // Without a region's prefix. These take a schema for their answers (AWS's list of 2026), Claude by its own table.
    private static readonly string[] WithAnswerFormat =
        ["qwen.", "deepseek.v3", "mistral.", "google.gemma", "nvidia.", "minimax.", "moonshot", "openai.", "zai."];

    private BedrockModel(bool claude, bool nova, bool gptOss, ModelTraits traits) => (IsClaude, IsNova, IsGptOss, Traits) = (claude, nova, gptOss, traits);

    /// <summary>One of Anthropic's.</summary>
    public bool IsClaude { get; }

    /// <summary>One of Amazon's.</summary>
    public bool IsNova { get; }

    /// <summary>One of OpenAI's.</summary>
    public bool IsGptOss { get; }

    /// <summary>What is sent to it.</summary>
    public ModelTraits Traits { get; }

    /// <summary>Whether it takes cache points and the status of a tool's result.</summary>
    public bool HasCachePoints => IsClaude || IsNova;

    /// <summary>Reads an id.</summary>
    public static BedrockModel Of(string id)
    {
        var name = id[(id.LastIndexOf('/') + 1)..].ToLowerInvariant();
        if (name.IndexOf("anthropic.claude", StringComparison.Ordinal) is >= 0 and var at)
        {
            var claude = Version().Replace(name[(at + "anthropic.".Length)..], "");
            return new BedrockModel(true, false, false, ModelTraitTable.Find(claude) with { SystemInside = false });
        }

        var vendor = Region().Replace(name, "");
        var nova = vendor.StartsWith("amazon.nova", StringComparison.Ordinal);
        return new BedrockModel(false, nova, vendor.StartsWith("openai.", StringComparison.Ordinal), new ModelTraits
        {
            ForcedTool = nova,
            AnswerFormat = WithAnswerFormat.Any(known => vendor.StartsWith(known, StringComparison.Ordinal)),
        });
    }

    /// <summary><c>-v1</c>, <c>-v1:0</c>, <c>-v2:0:200k</c> at the end.</summary>
    [GeneratedRegex("-v[0-9]+(?::[0-9a-z]+)*$", RegexOptions.CultureInvariant, 100)]
    private static partial Regex Version();

    /// <summary>The prefix of an inference profile.</summary>
    [GeneratedRegex("^(?:us|us-gov|eu|apac|ap|au|jp|ca|sa|global)\\.", RegexOptions.CultureInvariant, 100)]
    private static partial Regex Region();
}
