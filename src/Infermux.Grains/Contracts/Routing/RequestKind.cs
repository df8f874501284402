namespace Infermux.Grains.Contracts.Routing;

/// <summary>What a request asks for, as far as eligibility cares.</summary>
public enum RequestKind
{
    /// <summary>Chat.</summary>
    Chat = 0,

    /// <summary>Legacy completion.</summary>
    Completion = 1,

    /// <summary>Embeddings.</summary>
    Embedding = 2,

    /// <summary>A count of a prompt's tokens, which is free.</summary>
    TokenCount = 3,
}
