using Infermux.Core.Configuration;

namespace Infermux.Providers.Gemini;

/// <summary>Chooses the call.</summary>
internal static class EmbeddingForms
{
    private const string Predicted = "gemini-embedding-001";

    /// <summary>The call for a model at a provider.</summary>
    /// <param name="provider">Where.</param>
    /// <param name="model">The target model.</param>
    /// <param name="isBatch">Whether the texts came as a list.</param>
    public static EmbeddingForm Of(ProviderOptions provider, string model, bool isBatch) => VertexPlace.Is(provider)
        ? IsPredicted(model[(model.LastIndexOf('/') + 1)..]) ? EmbeddingForm.Predict : EmbeddingForm.One
        : isBatch ? EmbeddingForm.Batch : EmbeddingForm.One;

    // As Google's own client tells them apart.
    private static bool IsPredicted(string name) => name is Predicted
        || (!name.Contains("gemini", StringComparison.OrdinalIgnoreCase) && !name.Contains("maas", StringComparison.OrdinalIgnoreCase));
}
