namespace Infermux.Gateway.Requests;

/// <summary>Registers where finished requests go.</summary>
internal static class RequestServices
{
    public static IServiceCollection AddRequestEvents(this IServiceCollection services) => services
        .AddSingleton<RequestRing>()
        .AddSingleton<RequestCounts>()
        .AddSingleton<IRequestEvents, RequestEvents>();
}
