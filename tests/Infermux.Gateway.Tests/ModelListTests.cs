using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Support;

namespace Infermux.Gateway.Tests;

public sealed class ModelListTests
{
    [Fact]
    public async Task Models_OfAnEchoWithoutAList_AreItsOwnAndAnswer()
    {
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, new ProviderOptions { Name = "echo", Type = ProviderType.Echo }));

        var listed = (await gateway.GetJsonAsync("/v1/models"))["data"]!.AsArray().Select(m => m!["id"]!.GetValue<string>()).ToArray();

        Assert.Equal(["echo-v1", "lorem"], listed);
        Assert.Equal("echo", (await gateway.GetJsonAsync("/v1/models/lorem"))["owned_by"]!.GetValue<string>());
        foreach (var model in listed)
        {
            Assert.Equal(200, (await gateway.ChatAsync(model)).Status);
        }
    }
}
