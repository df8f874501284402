namespace Infermux.Gateway.Management;

/// <summary>The value of <c>INFERMUX_MANAGEMENT_TOKEN</c>, read once at start; it has no key in the file.</summary>
/// <param name="Value">Null where it is not set.</param>
internal sealed record ManagementToken(string? Value)
{
    public const string Variable = "INFERMUX_MANAGEMENT_TOKEN";

    public static ManagementToken FromEnvironment() =>
        new(Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } token ? token : null);
}
