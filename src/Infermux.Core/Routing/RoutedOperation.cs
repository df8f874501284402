namespace Infermux.Core.Routing;

/// <summary>What a request asks for, as far as eligibility and expected cost care.</summary>
public enum RoutedOperation
{
    /// <summary>Chat.</summary>
    Chat = 0,

    /// <summary>Legacy completion.</summary>
    Completion = 1,

    /// <summary>Embeddings: there is no completion to expect or to pay.</summary>
    Embedding = 2,

    /// <summary>A count of a prompt's tokens: it costs nothing, and nothing is expected of it.</summary>
    TokenCount = 3,

    /// <summary>Images made from a text.</summary>
    ImageGeneration = 4,

    /// <summary>Images made from images and a text.</summary>
    ImageEdit = 5,

    /// <summary>Images made from an image alone.</summary>
    ImageVariation = 6,

    /// <summary>A text spoken.</summary>
    Speech = 7,

    /// <summary>A recording written down.</summary>
    Transcription = 8,

    /// <summary>A recording written down in English.</summary>
    Translation = 9,

    /// <summary>Texts and images classified by what may harm.</summary>
    Moderation = 10,

    /// <summary>Documents ordered by what they say to a query.</summary>
    Rerank = 11,
}
