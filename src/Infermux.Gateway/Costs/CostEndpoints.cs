using Infermux.Core.Costs;
using Infermux.Gateway.Management;

namespace Infermux.Gateway.Costs;

/// <summary>The cost reports under <c>/_infermux/costs</c>. Who may ask is decided outside.</summary>
internal static class CostEndpoints
{
    /// <summary>Maps all cost reports below the management prefix; <paramref name="management"/> is the group of that prefix, or the application itself.</summary>
    /// <param name="management">Where to map.</param>
    /// <param name="prefix">Path of the totals.</param>
    public static RouteGroupBuilder MapCosts(this IEndpointRouteBuilder management, string prefix = "/_infermux/costs")
    {
        var costs = management.MapGroup(prefix);
        costs.MapGet("", async (CostReports reports) => Results.Json(await reports.TotalsAsync(), CostJson.Default.CostTotals));
        costs.MapGet("/by-caller", async (CostReports reports) => Results.Json(await reports.ByCallerAsync(), CostJson.Default.CostsByCaller));
        costs.MapGet("/caller/{caller}", async (HttpContext context, CostReports reports) =>
            Results.Json(await reports.CallerAsync(LastSegment.Of(context)), CostJson.Default.CallerCosts));
        MapBy(costs, "/by-model", CostDimensions.Model);
        MapBy(costs, "/by-provider", CostDimensions.Provider);
        MapBy(costs, "/by-group", CostDimensions.Group);
        MapBy(costs, "/by-project", CostDimensions.Project);
        MapBy(costs, "/by-env", CostDimensions.Env);
        costs.MapGet("/marked", async (CostReports reports) => Results.Json(await reports.MarkedAsync(), CostJson.Default.MarkedCosts));
        costs.MapGet("/timeseries", async (string? hours, string? bucket, string? by, CostReports reports) =>
            TimeseriesQuery.Parse(hours, bucket, by, out var problem) is { } query
                ? Results.Json(await reports.TimeseriesAsync(query), CostJson.Default.CostTimeseries)
                : Refused(problem!));
        costs.AddEndpointFilter<LedgerUnavailableFilter>();
        return costs;
    }

    private static void MapBy(RouteGroupBuilder costs, string path, CostDimensions dimension) =>
        costs.MapGet(path, async (CostReports reports) => Results.Json(await reports.ByAsync(dimension), CostJson.Default.CostsBy));

    private static IResult Refused(CostProblem problem) => Results.Json(
        new CostError(new CostErrorDetail(problem.Message, "infermux_error", "invalid_request", problem.Parameter)),
        CostJson.Default.CostError,
        statusCode: StatusCodes.Status400BadRequest);
}
