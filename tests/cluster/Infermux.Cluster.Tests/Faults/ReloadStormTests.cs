using System.Globalization;
using System.Text.Json.Nodes;
using Infermux.Cluster.Topology;
using Infermux.Testing;

namespace Infermux.Cluster.Tests.Faults;

/// <summary>Configurations that change faster than anybody should change them (F51), in every process at once.</summary>
[Collection(OneAtATime.Name)]
public sealed class ReloadStormTests : FaultTests
{
    private const int Changes = 60;

    /// <summary>As the first text has it.</summary>
    private const string First = "limit_usd: 100,";

    [Fact]
    public async Task F51_AChangeEachSecondForAMinute_EveryThirdInvalid_FailsNobodyAndEndsOnOneFingerprint()
    {
        var cluster = await StartAsync(Plan(silos: 2, gateways: 2) with
        {
            Providers = ["primary", "second"],
            More = Budgets + "\nrouting: {strategy: round_robin}",
        });
        cluster.Provider("primary").Scripted.Behaviour = cluster.Provider("second").Scripted.Behaviour = new Behaviour
        {
            HeadDelay = TimeSpan.FromMilliseconds(30),
            ChunkInterval = TimeSpan.FromMilliseconds(50),
        };
        var texts = cluster.Nodes.ToDictionary(node => node, node => node.Configuration);
        TimeSpan ended = default;

        await WhileLoadedAsync(cluster, perSecond: 60, streams: 20, after: TimeSpan.FromSeconds(2), fault: async () =>
        {
            using var second = new PeriodicTimer(TimeSpan.FromSeconds(1));
            for (var change = 1; change <= Changes; change++)
            {
                Write(texts, text => change % 3 == 0 ? Invalid(text, change) : Valid(text, change));
                await second.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            }

            await RefusedAsync(cluster);
            ended = await OneFingerprintAsync(cluster, texts);
        });

        NobodyFailed();
        var counts = await Task.WhenAll(cluster.Nodes.Select(async node => (
            Applied: await node.MetricAsync("infermux_config_reloads_total", "outcome=\"applied\""),
            Refused: await node.MetricAsync("infermux_config_reloads_total", "outcome=\"refused\""))));
        Say($"one fingerprint after {ended.TotalSeconds:F1} s; applied {string.Join(", ", counts.Select(count => count.Applied))}, refused {string.Join(", ", counts.Select(count => count.Refused))}");
        Assert.All(counts, count => Assert.InRange(count.Applied, Changes / 3, (Changes * 2 / 3) + 1)); // a process that is late sees only the newest of two
        Assert.All(counts, count => Assert.InRange(count.Refused, Changes / 6, Changes / 3));
        Assert.InRange(ended, TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.All(cluster.Nodes, node => Assert.Contains("The changed configuration is refused", node.Process.Output, StringComparison.Ordinal));
        await AuditAsync(cluster);
    }

    /// <summary>Connections are made anew, every account's limit moves, and one of two providers comes and goes.</summary>
    private static string Valid(string text, int change)
    {
        text = text.Replace(First, string.Create(CultureInfo.InvariantCulture, $"limit_usd: {100 + change},"), StringComparison.Ordinal)
            .Replace("    timeout: 30s", string.Create(CultureInfo.InvariantCulture, $"    timeout: 30s\n    connect_timeout: {2000 + change}ms"), StringComparison.Ordinal);
        return change % 2 == 0 ? text : WithoutSecond(text);
    }

    /// <summary>Broken in turn as text, in a value, and by what it leaves out.</summary>
    private static string Invalid(string text, int change) => (change / 3 % 3) switch
    {
        0 => text + "\nbudgets: [",
        1 => text.Replace("strategy: round_robin", "strategy: round_robbin", StringComparison.Ordinal),
        _ => text.Replace(First, "limit_usd: -1,", StringComparison.Ordinal),
    };

    private static string WithoutSecond(string text)
    {
        var begin = text.IndexOf("  - name: second", StringComparison.Ordinal);
        var end = text.IndexOf("pricing:", StringComparison.Ordinal);
        var priced = text.IndexOf("  second:\n", StringComparison.Ordinal);
        var after = text.IndexOf("budgets:", StringComparison.Ordinal);
        return text[..begin] + text[end..priced] + text[after..];
    }

    private static void Write(Dictionary<Node, string> texts, Func<string, string> change)
    {
        foreach (var (node, text) in texts)
        {
            node.Configuration = change(text);
        }
    }

    /// <summary>The last text was invalid: each process says so, with where and what to write instead, and goes on with the one before.</summary>
    private static async Task RefusedAsync(LocalCluster cluster)
    {
        foreach (var node in cluster.Nodes)
        {
            JsonArray? problems = null;
            await Eventually.HoldsAsync(
                async () => (problems = (await AskedAsync(node))["configuration_problems"]?.AsArray()) is not null, TimeSpan.FromSeconds(5), () => $"{node.Name} refuses the last text");
            Assert.Contains(problems!, problem => problem!.GetValue<string>().StartsWith("infermux.yml:", StringComparison.Ordinal));
        }
    }

    /// <summary>A valid text, and how long until every process shows the same hash and no problem.</summary>
    private static async Task<TimeSpan> OneFingerprintAsync(LocalCluster cluster, Dictionary<Node, string> texts)
    {
        Write(texts, text => Valid(text, Changes + 2));
        var written = TimeProvider.System.GetTimestamp();
        JsonNode[] asked = [];
        await Eventually.HoldsAsync(
            async () =>
            {
                asked = await Task.WhenAll(cluster.Nodes.Select(AskedAsync));
                return asked.All(status => status["configuration_problems"] is null) && asked.Select(Hash).Distinct(StringComparer.Ordinal).Count() == 1;
            },
            TimeSpan.FromSeconds(20),
            () => $"all show one hash: {string.Join(", ", asked.Select(Hash))}");
        return TimeProvider.System.GetElapsedTime(written);
    }

    private static string Hash(JsonNode status) => status["configuration_hash"]!.GetValue<string>();

    private static Task<JsonNode> AskedAsync(Node node) => node.GetJsonAsync(node.Kind.Serves ? "/_infermux/status" : "/readyz?verbose");
}
