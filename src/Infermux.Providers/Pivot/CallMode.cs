namespace Infermux.Providers.Pivot;

/// <summary>Whether tools are to be called.</summary>
internal enum CallMode
{
    /// <summary>As the model sees fit.</summary>
    Auto,

    /// <summary>Not at all.</summary>
    None,

    /// <summary>At least one of them.</summary>
    Required,

    /// <summary>One by its name.</summary>
    Named,
}
