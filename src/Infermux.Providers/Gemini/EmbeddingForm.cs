namespace Infermux.Providers.Gemini;

/// <summary>Which of Google's calls embeds.</summary>
internal enum EmbeddingForm
{
    /// <summary><c>embedContent</c>: one text.</summary>
    One,

    /// <summary><c>batchEmbedContents</c>: several, on the Gemini API alone.</summary>
    Batch,

    /// <summary><c>predict</c>: Vertex's older models and <c>gemini-embedding-001</c>.</summary>
    Predict,
}
