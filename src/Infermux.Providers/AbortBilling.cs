namespace Infermux.Providers;

/// <summary>What a vendor bills when its caller hangs up in the middle of a stream.</summary>
public enum AbortBilling
{
    /// <summary>Generation stops; output is billed up to the abort, input always.</summary>
    StopsOnAbort,

    /// <summary>Generation runs on and is billed in full.</summary>
    BillsOn,
}
