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
}
