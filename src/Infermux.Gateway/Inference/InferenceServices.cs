using Infermux.Gateway.Inference.Attempts;
using Infermux.Gateway.Inference.Errors;
using Infermux.Gateway.Inference.Inbound;
using Infermux.Gateway.Inference.Selecting;
using Infermux.Gateway.Money;
using Infermux.Grains.Routing;

namespace Infermux.Gateway.Inference;

/// <summary>Registers the request path.</summary>
internal static class InferenceServices
{
    public static IServiceCollection AddInference(this IServiceCollection services) => services
        .AddSingleton<ActiveRequests>()
        .AddSingleton<AccountNames>()
        .AddSingleton<BodyMemory>()
        .AddSingleton<BackgroundReads>()
        .AddSingleton<PooledEnds>()
        .AddSingleton<PromptCounter>()
        .AddSelector()
        .AddSingleton<CallerKnowledge>()
        .AddSingleton<RouterClient>()
        .AddSingleton<RetryBudgets>()
        .AddSingleton<RefusalWriter>()
        .AddSingleton<ExchangeSettlement>()
        .AddSingleton<AttemptFailures>()
        .AddSingleton<WholeRelay>()
        .AddSingleton<HoldExtension>()
        .AddSingleton<StreamEnd>()
        .AddSingleton<StreamRelay>()
        .AddSingleton<BinaryRelay>()
        .AddSingleton<TokenEstimate>()
        .AddSingleton<AttemptRunner>()
        .AddSingleton<FailoverLoop>()
        .AddSingleton<InferencePipeline>();
}
