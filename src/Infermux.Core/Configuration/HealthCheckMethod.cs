namespace Infermux.Core.Configuration;

/// <summary>Values of <c>health_check.method</c>.</summary>
public enum HealthCheckMethod
{
    /// <summary>The free model listing call. <c>bedrock</c> has none: its providers are then judged by their requests alone.</summary>
    Models,

    /// <summary>A one-token chat request, as the original did; it costs money.</summary>
    Chat,

    /// <summary>No check.</summary>
    None,
}
