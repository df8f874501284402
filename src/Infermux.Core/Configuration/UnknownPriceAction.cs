namespace Infermux.Core.Configuration;

/// <summary>Values of <c>pricing.unknown</c>.</summary>
public enum UnknownPriceAction
{
    /// <summary>Cost 0, flagged and counted.</summary>
    Warn,

    /// <summary>400 before any provider is called.</summary>
    Refuse,
}
