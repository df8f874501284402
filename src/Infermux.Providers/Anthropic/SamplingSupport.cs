namespace Infermux.Providers.Anthropic;

/// <summary>What a model takes of <c>temperature</c>, <c>top_p</c> and <c>top_k</c>.</summary>
internal enum SamplingSupport
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>Not <c>temperature</c> and <c>top_p</c> together.</summary>
    NotBoth,

    /// <summary>None; a value that is not the default is a 400.</summary>
    None,
}
