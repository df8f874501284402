using Infermux.Hosting.Listening;

namespace Infermux.Gateway.Hosting;

/// <summary>What the command line says of a host beyond its configuration.</summary>
internal sealed record GatewayHostOptions
{
    /// <summary>From <c>--role</c> or <c>INFERMUX_ROLE</c>.</summary>
    public ProcessRole Role { get; init; }

    /// <summary>False with <c>--no-health-checks</c>: the first round is left out; the interval's checks still run.</summary>
    public bool HealthChecksAtStart { get; init; } = true;

    /// <summary>What management requests must send; null: what the environment says.</summary>
    public ManagementToken? ManagementToken { get; init; }

    /// <summary>Called when all services are registered, to replace some.</summary>
    public Action<IServiceCollection> Replace { get; init; } = static _ => { };
}
