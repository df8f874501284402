using System.Globalization;
using Infermux.Core.Costs;

namespace Infermux.Gateway.Costs;

/// <summary>What a timeseries is asked for.</summary>
/// <param name="Hours">How far back, 1 … 840; default 24.</param>
/// <param name="BucketHours">Length of a bucket in hours; default 1.</param>
/// <param name="By">One dimension, or none.</param>
internal sealed record TimeseriesQuery(int Hours, int BucketHours, CostDimensions By)
{
    /// <summary>Rows by hour are kept for 35 days.</summary>
    public const int MostHours = 35 * 24;

    /// <summary>Reads <c>hours</c>, <c>bucket</c> (<c>1h</c>, <c>6h</c>, <c>1d</c>) and <c>by</c>; null with a problem that says what to write instead.</summary>
    public static TimeseriesQuery? Parse(string? hours, string? bucket, string? by, out CostProblem? problem)
    {
        problem = null;
        if (!int.TryParse(hours ?? "24", NumberStyles.None, CultureInfo.InvariantCulture, out var span) || span is < 1 or > MostHours)
        {
            problem = new CostProblem("hours", $"'{hours}' is no number of hours. Give 1 to {MostHours}; rows by hour are kept for 35 days.");
            return null;
        }

        if (BucketOf(bucket ?? "1h") is not { } length)
        {
            problem = new CostProblem("bucket", $"'{bucket}' is no bucket. Give whole hours or days up to 35d, such as 1h, 6h or 1d.");
            return null;
        }

        if (DimensionOf(by) is not { } dimension)
        {
            problem = new CostProblem("by", $"Costs cannot be told apart by '{by}'. Give one of caller, provider, model, group, project, env.");
            return null;
        }

        return new TimeseriesQuery(span, length, dimension);
    }

    private static int? BucketOf(string bucket)
    {
        var unit = bucket.Length > 0 && bucket[^1] is 'd' ? 24 : 1;
        return bucket.Length is > 1 and < 5
            && bucket[^1] is 'h' or 'd'
            && int.TryParse(bucket.AsSpan(0, bucket.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count * unit is >= 1 and <= MostHours
                ? count * unit
                : null;
    }

    private static CostDimensions? DimensionOf(string? by) => by switch
    {
        null or "" => CostDimensions.None,
        "caller" => CostDimensions.Caller,
        "provider" => CostDimensions.Provider,
        "model" => CostDimensions.Model,
        "group" => CostDimensions.Group,
        "project" => CostDimensions.Project,
        "env" => CostDimensions.Env,
        _ => null,
    };
}
