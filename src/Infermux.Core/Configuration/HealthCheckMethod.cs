namespace Infermux.Core.Configuration;

/// <summary>Values of <c>health_check.method</c>.</summary>
public enum HealthCheckMethod
{
    /// <summary>The free model listing call.</summary>
    Models,

    /// <summary>A one-token chat request, as the original did; it costs money.</summary>
    Chat,

    /// <summary>No check.</summary>
    None,
}
