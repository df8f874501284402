using Infermux.Core.Configuration;

namespace Infermux.Core.Routing;

/// <summary>One entry of <c>routing.groups</c> with its turn.</summary>
internal sealed class RouteGroup(RouteGroupOptions options)
{
    private readonly RouteMatchOptions? _match = options.Match;

    public RouteGroupOptions Options { get; } = options;

    public Rotation Rotation { get; } = new();

    public bool AnyModel => Options.Models is null;

    public bool Names(string model) => Options.Models?.Contains(model, StringComparer.Ordinal) is true;

    /// <summary>Whether everything under <c>match</c> holds.</summary>
    public bool Fits(in RouteFacts facts) => _match is null
        || ((_match.Stream is null || _match.Stream == facts.Stream)
        && (_match.Tools is null || _match.Tools == facts.Tools)
        && Glob.Fits(_match.Caller, facts.Caller)
        && Glob.Fits(_match.Project, facts.Project)
        && Glob.Fits(_match.Env, facts.Env));
}
