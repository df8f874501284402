namespace Infermux.Gateway.Costs;

/// <summary>Turns a ledger that does not answer into a 503 that says so.</summary>
internal sealed partial class LedgerUnavailableFilter(ILogger<LedgerUnavailableFilter> logger) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (Exception unavailable) when (unavailable is not OperationCanceledException || !context.HttpContext.RequestAborted.IsCancellationRequested)
        {
            LogUnavailable(logger, unavailable);
            context.HttpContext.Response.Headers.RetryAfter = "1";
            return Results.Json(
                new CostError(new CostErrorDetail(
                    "The cost ledger does not answer. Costs are being kept and appear when it does; see /readyz?verbose for the store.",
                    "infermux_error", "ledger_unavailable", null)),
                CostJson.Default.CostError,
                statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A cost report could not be made.")]
    private static partial void LogUnavailable(ILogger logger, Exception unavailable);
}
