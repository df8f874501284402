using Infermux.Core.Configuration;
using Infermux.Gateway.Inference;
using Infermux.Gateway.Inference.Errors;
using Infermux.Gateway.Inference.Inbound;
using Infermux.Gateway.Money;
using Infermux.Gateway.Tests.Support;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Testing;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Infermux.Gateway.Tests;

/// <summary>What a request takes of its process, and gives back whatever came of it.</summary>
public sealed class RequestEndTests
{
    private const long Memory = 1 << 20;

    [Fact]
    public async Task Body_LargerThanTheMemoryLeft_IsRefusedBeforeItsBytesAreRented()
    {
        var memory = new BodyMemory(new FixedFile { Options = new() { Limits = new LimitsOptions { MaxBodyMemory = Memory } } });
        var request = new DefaultHttpContext().Request;
        request.ContentLength = 256 << 20;
        var before = GC.GetAllocatedBytesForCurrentThread();

        var reading = RequestBody.ReadAsync(request, limit: 1L << 30, memory, TestContext.Current.CancellationToken).AsTask();

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        var refused = await Assert.ThrowsAsync<InferenceException>(() => reading);
        Assert.Equal((503, "overloaded"), (refused.Refusal.Status, refused.Refusal.Code));
        Assert.InRange(allocated, 0, Memory);
        Assert.True(memory.TryTake(Memory), "what was refused is not taken");
    }

    [Fact]
    public async Task Request_WhoseSettlementFails_StillGivesItsMemoryBackIsPublishedAndHoldsUpNoDrain()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        provider.Behaviour = Behaviour.Fails(400); // relayed as it is, so that the settlement comes at the very end
        var options = Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")) with { Limits = new LimitsOptions { MaxBody = Memory, MaxBodyMemory = Memory } };
        await using var gateway = await TestGateway.StartAsync(options, replace: services => services.AddSingleton<ISettlements, FullDisk>());

        Assert.Equal(400, (await gateway.ChatAsync()).Status);

        await TestGateway.UntilAsync(
            async () => (await gateway.GetJsonAsync("/_infermux/status"))["requests_total"]!.GetValue<int>() == 1, "it is published");
        var active = gateway.Services.GetRequiredService<ActiveRequests>();
        await TestGateway.UntilAsync(() => Task.FromResult(active.Count == 0), "no drain waits for it");
        Assert.True(gateway.Services.GetRequiredService<BodyMemory>().TryTake(Memory), "all of the memory is free");
    }

    private sealed class FullDisk : ISettlements
    {
        public bool Backlogged => false;

        public void Settle(Settlement settlement) => throw new IOException("No space left on device.");

        public void Void(string account, Guid operation, int sequence) => throw new IOException("No space left on device.");

        public void KeepHeld(HeldOperation operation)
        {
        }

        public void LetGo(HeldOperation operation) => throw new IOException("No space left on device.");

        public Task DrainAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
