using Infermux.Core.Failures;
using Infermux.Grains.Contracts.Routing;

namespace Infermux.Gateway.Inference.Selecting;

/// <summary>What earlier attempts of one request mean for the next selection.</summary>
internal sealed class SelectionState
{
    private List<string>? _tried;

    public IReadOnlyList<string> Tried => _tried ?? (IReadOnlyList<string>)[];

    /// <summary>Rises with every further call for the same attempt, so that an account does not take it for a repeat of the first.</summary>
    public int Repeat { get; set; }

    /// <summary>Tokens counted by the real tokenizer; null until the cheap bound did not fit the budget.</summary>
    public long? ExactPrompt { get; set; }

    public long? WindowLargerThan { get; private set; }

    public string? ModelOverride { get; private set; }

    /// <summary>The first dialect that could not say the request; told to the caller when nobody else can serve it.</summary>
    public Providers.RequestRefusedException? Unsayable { get; private set; }

    public void Chosen(Selection selection)
    {
        ModelOverride = selection.ModelOverride ?? ModelOverride;
        Repeat = 0;
    }

    public void CannotSay(Selection selection, Providers.RequestRefusedException refused)
    {
        Unsayable ??= refused;
        Add(selection.Provider);
    }

    /// <summary>The last attempt's failure and whose credential earned it; null while none failed.</summary>
    public (ProviderFailure Failure, bool OurCredential)? Last { get; private set; }

    public void Failed(Selection selection, ProviderFailure failure, bool ourCredential, long? knownWindow, long promptEstimate)
    {
        Add(selection.Provider);
        Last = (failure, ourCredential);
        if (FailureRules.For(failure, ourCredential, treatRateLimitAsError: false).LargerWindowOnly)
        {
            WindowLargerThan = Math.Max(WindowLargerThan ?? 0, knownWindow ?? promptEstimate);
        }
    }

    private void Add(string provider) => (_tried ??= []).Add(provider);
}
