namespace Infermux.Gateway.Inference.Errors;

/// <summary>A refusal of our own, thrown before anything was sent to the caller.</summary>
internal sealed class InferenceException(Refusal refusal) : Exception(refusal.Message)
{
    public Refusal Refusal { get; } = refusal;
}
