namespace Infermux.Core.Costs;

/// <summary>What a sum of costs is of. A dimension that a question does not ask for is empty.</summary>
public readonly record struct CostKey
{
    /// <summary>Start of the UTC hour, or day, the operations began in.</summary>
    public DateTimeOffset Start { get; init; }

    /// <summary>The caller.</summary>
    public string Caller { get; init; }

    /// <summary>Who billed.</summary>
    public string Provider { get; init; }

    /// <summary>The model billed.</summary>
    public string Model { get; init; }

    /// <summary>Route group.</summary>
    public string Group { get; init; }

    /// <summary>Project.</summary>
    public string Project { get; init; }

    /// <summary>Stage.</summary>
    public string Env { get; init; }

    /// <summary>Only the dimensions named, the others empty.</summary>
    public CostKey Keep(CostDimensions dimensions) => new()
    {
        Start = StartOf(dimensions),
        Caller = dimensions.HasFlag(CostDimensions.Caller) ? Caller : "",
        Provider = dimensions.HasFlag(CostDimensions.Provider) ? Provider : "",
        Model = dimensions.HasFlag(CostDimensions.Model) ? Model : "",
        Group = dimensions.HasFlag(CostDimensions.Group) ? Group : "",
        Project = dimensions.HasFlag(CostDimensions.Project) ? Project : "",
        Env = dimensions.HasFlag(CostDimensions.Env) ? Env : "",
    };

    private DateTimeOffset StartOf(CostDimensions dimensions) =>
        dimensions.HasFlag(CostDimensions.Hour) ? Floor(TimeSpan.TicksPerHour)
        : dimensions.HasFlag(CostDimensions.Day) ? Floor(TimeSpan.TicksPerDay)
        : DateTimeOffset.MinValue;

    private DateTimeOffset Floor(long ticks) => new(Start.UtcTicks - (Start.UtcTicks % ticks), TimeSpan.Zero);
}
