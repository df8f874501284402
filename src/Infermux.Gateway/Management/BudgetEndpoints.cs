using Infermux.Core.Configuration;
using Infermux.Gateway.Inference.Inbound;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Routing;

namespace Infermux.Gateway.Management;

/// <summary><c>/_infermux/budgets/{caller}</c>: an account as it stands, and limits that beat the file until they are deleted.</summary>
internal static class BudgetEndpoints
{
    public static void MapBudgets(this IEndpointRouteBuilder management)
    {
        management.MapGet("/budgets", async (IGrainFactory grains, ICurrentConfiguration configuration) =>
        {
            var named = configuration.Current.Options.Budgets.Callers.Where(b => b.Caller is not "*").Select(b => b.Caller);
            return ManagementJson.Of(await Task.WhenAll(named.Select(caller => Account(grains, caller).GetAsync().AsTask())));
        });
        management.MapGet("/budgets/{caller}", (HttpContext http, IGrainFactory grains) =>
            NamedAsync(http, async caller => ManagementJson.Of(await Account(grains, caller).GetAsync())));
        management.MapPut("/budgets/{caller}", (HttpContext http, BudgetPut put, IGrainFactory grains, ActingAccounts acting) =>
            NamedAsync(http, async caller => put.Refuse() ?? await OverrideAsync(caller, put.ToOverride(), grains, acting)));
        management.MapDelete("/budgets/{caller}", (HttpContext http, IGrainFactory grains, ActingAccounts acting) =>
            NamedAsync(http, caller => OverrideAsync(caller, null, grains, acting)));
    }

    private static async Task<IResult> NamedAsync(HttpContext http, Func<string, Task<IResult>> answer)
    {
        var caller = LastSegment.Of(http);
        return Refuse(caller) ?? await answer(caller);
    }

    private static async Task<IResult> OverrideAsync(string caller, LimitOverride? limit, IGrainFactory grains, ActingAccounts acting)
    {
        var view = await Account(grains, caller).OverrideLimitAsync(limit);
        acting.Mark(caller, limit?.Action);
        return ManagementJson.Of(view);
    }

    private static ICallerBudgetGrain Account(IGrainFactory grains, string caller) => grains.GetGrain<ICallerBudgetGrain>(caller);

    private static IResult? Refuse(string caller) => Printable.IsName(caller)
        ? null
        : ManagementJson.Problem(400, "invalid_request", "A caller's name is 1 to 128 printable ASCII characters.");
}
