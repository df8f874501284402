namespace Infermux.Hosting.Events;

/// <summary>Something that happened and that subscribers may want to know: <see cref="InferenceRequest"/>, <see cref="ProviderCost"/>, and budget alerts.</summary>
public interface IInfermuxEvent
{
    /// <summary>The name on the wire: <c>inference_request</c>, <c>provider_cost</c>, <c>budget_alert</c>.</summary>
    string Type { get; }
}
