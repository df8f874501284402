namespace Infermux.Core.Pricing;

/// <summary>What an operation can be priced by beside its tokens.</summary>
public enum PriceUnit
{
    /// <summary>Tokens alone.</summary>
    None,

    /// <summary>An image that was made.</summary>
    Image,

    /// <summary>A second of recorded sound.</summary>
    Second,

    /// <summary>A character of text that was spoken.</summary>
    Character,

    /// <summary>A search: one query over up to 100 documents.</summary>
    Search,
}
