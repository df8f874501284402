using System.Text.Json.Nodes;
using Infermux.Core.Configuration;
using Infermux.Gateway.Tests.Processes;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;
using YamlDotNet.RepresentationModel;

namespace Infermux.Gateway.Tests.CommandLine;

/// <summary>Verbs that ask a running gateway: the original's columns and exit codes.</summary>
public sealed class ServerCommandTests
{
    [Fact]
    public async Task Status_AllClosed_PrintsTheOriginalsColumnsAndExitsWith0()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary")));

        var cli = await Cli.RunAsync("status", "--server", Server(gateway));

        Assert.True(cli.Code == 0, cli.Error);
        Assert.Equal(["PROVIDER", "TYPE", "STATE", "ERROR RATE", "P95 LATENCY", "RPM"], cli.Rows[0]);
        Assert.Equal(["primary", "openai", "closed", "0.0%", "0ms", "0"], cli.Rows[1]);
        Assert.Equal(2, cli.Rows.Count);
    }

    [Fact]
    public async Task Status_OneOpen_MarksItSaysWhenItRecoversAndExitsWith1InBothFormats()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(
            RoutingStrategy.Priority,
            Setup.OpenAi(provider, "primary") with { CircuitBreaker = new CircuitOptions { RecoveryWindow = TimeSpan.FromMinutes(10) } },
            Setup.OpenAi(provider, "second")));
        await gateway.PostAsync("/_infermux/providers/primary/circuit/open", "");
        await TestGateway.UntilAsync(
            async () => (await gateway.GetJsonAsync("/_infermux/providers")).AsArray()[0]!["circuit"]!.GetValue<string>() == "open", "the circuit is open");

        var table = await Cli.RunAsync("status", "--server", Server(gateway));
        var json = await Cli.RunAsync("status", "--server", Server(gateway), "--format", "json");

        Assert.Equal((1, 1), (table.Code, json.Code));
        Assert.Equal("open*", table.Rows[1][2]);
        Assert.Equal("closed", table.Rows[2][2]);
        Assert.Matches(@"^\* primary: next probe in (5\d\d|600) s$", table.Output.TrimEnd().Split('\n')[^1].TrimEnd());
        Assert.Equal(["open", "closed"], JsonNode.Parse(json.Output)!.AsArray().Select(p => p!["circuit"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("status")]
    [InlineData("providers")]
    [InlineData("costs")]
    [InlineData("budgets")]
    [InlineData("infer", "hello")]
    public async Task EachVerb_GatewayNotReached_ExitsWith2AndSaysWhatToCheck(params string[] args)
    {
        var nobody = $"http://127.0.0.1:{FreePort.Next()}";

        var cli = await Cli.RunAsync([.. args, "--server", nobody]);

        Assert.Equal(2, cli.Code);
        Assert.StartsWith($"Cannot reach {nobody}", cli.Error, StringComparison.Ordinal);
        Assert.Contains("--server or INFERMUX_SERVER", cli.Error, StringComparison.Ordinal);
        Assert.Empty(cli.Output);
    }

    [Fact]
    public async Task Status_OfAGatewayWithAToken_ExitsWith2AndNamesTheVariable()
    {
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Echo()), managementToken: "the-token");

        var cli = await Cli.RunAsync("status", "--server", Server(gateway));

        Assert.Equal(2, cli.Code);
        Assert.Contains("INFERMUX_MANAGEMENT_TOKEN", cli.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Providers_AsTable_HasTheOriginalsColumnsAndDrawsAliases()
    {
        await using var provider = await ScriptedProvider.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(
            RoutingStrategy.Priority,
            Setup.OpenAi(provider, "primary") with { Models = ["gpt-4o-mini"] },
            Setup.Anthropic(provider, "second", ("gpt-4o", "claude-sonnet-4-5"))));

        var cli = await Cli.RunAsync("providers", "--server", Server(gateway));

        Assert.True(cli.Code == 0, cli.Error);
        Assert.Equal(["PROVIDER", "TYPE", "MODELS", "HEALTHY", "CIRCUIT", "LAST CHECK"], cli.Rows[0]);
        Assert.Equal(["primary", "openai", "gpt-4o-mini", "yes", "closed", "never"], cli.Rows[1]);
        Assert.Equal(["second", "anthropic", "gpt-4o → claude-sonnet-4-5 (alias)", "yes", "closed", "never"], cli.Rows[2]);
    }

    [Fact]
    public async Task Providers_WithEcho_ShowTheModelsThatItAnswersByItself()
    {
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Echo() with { Models = null }, Echo() with { Name = "more", Models = ["lorem", "mine"] }));
        var cli = await Cli.RunAsync("providers", "--server", Server(gateway));
        Assert.Equal(["echo-v1, lorem", "echo-v1, lorem, mine"], cli.Rows.Skip(1).Select(static row => row[2]));
        foreach (var model in (string[])["echo-v1", "lorem", "mine"])
        {
            Assert.Equal(200, (await gateway.ChatAsync(model)).Status);
        }
    }

    [Fact]
    public async Task Providers_AsJsonAndYaml_SayTheSame()
    {
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Echo()));

        var json = await Cli.RunAsync("providers", "--server", Server(gateway), "--format", "json");
        var yaml = await Cli.RunAsync("providers", "--server", Server(gateway), "--format", "yaml");

        var fromJson = JsonNode.Parse(json.Output)!.AsArray().Single()!.AsObject();
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml.Output));
        var fromYaml = (YamlMappingNode)((YamlSequenceNode)stream.Documents[0].RootNode).Children.Single();
        Assert.Equal((0, 0), (json.Code, yaml.Code));
        Assert.Equal(fromJson.Select(p => p.Key), fromYaml.Children.Keys.Select(k => ((YamlScalarNode)k).Value!));
        Assert.Equal("echo", ((YamlScalarNode)fromYaml["name"]).Value);
        Assert.Equal("true", ((YamlScalarNode)fromYaml["healthy"]).Value);
        Assert.Equal("closed", fromJson["circuit"]!.GetValue<string>());
    }

    [Fact]
    public async Task CostsAndBudgets_AfterARequest_ShowTheCallersMoney()
    {
        await using var provider = await ScriptedProvider.StartAsync(new() { DefaultPrice = new ScriptedPrice(10m, 30m) }, TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Setup.OpenAi(provider, "primary"))
            .Priced("gpt-4o-mini", 10m, 30m)
            .Budgeted(new BudgetOptions { Caller = "alice", LimitUsd = 5m, Action = BudgetAction.HardStop }));
        Assert.Equal(200, (await gateway.ChatAsync(headers: "X-Infermux-Caller=alice")).Status);
        var cost = provider.Truth.Cost;
        await TestGateway.UntilAsync(
            async () => (await gateway.GetJsonAsync("/_infermux/costs"))["total_usd"]!.GetValue<decimal>() == cost, "the ledger has it");

        var costs = await Cli.RunAsync("costs", "--server", Server(gateway));
        var json = await Cli.RunAsync("costs", "--server", Server(gateway), "--format", "json");
        var budgets = await Cli.RunAsync("budgets", "--server", Server(gateway));
        var one = await Cli.RunAsync("budgets", "bob", "--server", Server(gateway), "--format", "json");

        Assert.Equal([0, 0, 0, 0], [costs.Code, json.Code, budgets.Code, one.Code]);
        Assert.Contains("1 requests", costs.Rows[0][0], StringComparison.Ordinal);
        Assert.Equal(["CALLER", "USD", "BUDGET", "REMAINING", "REQUESTS", "PROMPT", "COMPLETION"], costs.Rows[1]);
        Assert.Equal(("alice", cost), (costs.Rows[2][0], Number(costs.Rows[2][1])));
        Assert.Equal((5m, 5m - cost, "1"), (Number(costs.Rows[2][2]), Number(costs.Rows[2][3]), costs.Rows[2][4]));
        Assert.Equal(cost, JsonNode.Parse(json.Output)!["totals"]!["total_usd"]!.GetValue<decimal>());
        Assert.Equal(["ACCOUNT", "LIMIT", "SETTLED", "RESERVED", "OPEN", "ACTION", "ORIGIN"], budgets.Rows[0]);
        Assert.Equal(("alice", 5m, cost, 0m, "0"), (budgets.Rows[1][0], Number(budgets.Rows[1][1]), Number(budgets.Rows[1][2]), Number(budgets.Rows[1][3]), budgets.Rows[1][4]));
        Assert.Equal("bob", JsonNode.Parse(one.Output)!["account"]!.GetValue<string>());
    }

    [Fact]
    public async Task Infer_WithoutAModel_TakesTheFirstListedAndPrintsTheAnswer()
    {
        await using var gateway = await TestGateway.StartAsync(Setup.Of(RoutingStrategy.Priority, Echo()));

        var words = await Cli.RunAsync("infer", "Hello there", "--server", Server(gateway));
        var flag = await Cli.RunAsync("infer", "--model", "echo-v1", "--prompt", "Hello there", "--server", Server(gateway));
        var unknown = await Cli.RunAsync("infer", "--model", "nobody-has-this", "Hello", "--server", Server(gateway));
        var silent = await Cli.RunAsync("infer", "--server", Server(gateway));

        Assert.True(words.Code == 0, words.Error);
        Assert.Contains("Hello there", words.Output, StringComparison.Ordinal);
        Assert.Equal(words.Output, flag.Output);
        Assert.Equal(2, unknown.Code);
        Assert.Contains("404", unknown.Error, StringComparison.Ordinal);
        Assert.Equal(1, silent.Code);
        Assert.Contains("Say something", silent.Error, StringComparison.Ordinal);
    }

    private static ProviderOptions Echo() => new() { Name = "echo", Type = ProviderType.Echo };

    private static string Server(TestGateway gateway) => gateway.Address.GetLeftPart(UriPartial.Authority);

    private static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
