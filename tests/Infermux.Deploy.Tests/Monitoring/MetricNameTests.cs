using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Infermux.Deploy.Tests.Support;
using Infermux.Manifests;

namespace Infermux.Deploy.Tests.Monitoring;

/// <summary>Alerts, dashboard and scaling ask for nothing that the product does not say.</summary>
public sealed partial class MetricNameTests(Registered registered) : IClassFixture<Registered>
{
    /// <summary>Labels that Prometheus puts on what it scrapes.</summary>
    private static readonly string[] OfTheTarget = ["job", "instance", "namespace", "le"];

    public static TheoryData<string> Expressions =>
        [.. Alerts().Concat(Panels().SelectMany(panel => panel["targets"]!.AsArray())).Select(named => named!["expr"]!.GetValue<string>())];

    [Theory]
    [MemberData(nameof(Expressions))]
    public void Expression_NamesMetricsAndLabelsThatAreRegistered(string expression) => Check(expression);

    [Fact]
    public async Task ScalingQuery_NamesAMetricThatIsRegistered()
    {
        var triggers = (await Renderings.OfAsync("split+keda")).OneOf("ScaledObject").Spec["triggers"]!.AsArray();

        Check(triggers.Single(trigger => trigger!["type"]!.GetValue<string>() == "prometheus")!["metadata"]!["query"]!.GetValue<string>());
    }

    [Fact]
    public void Rule_OfTheOperator_IsTheAlertsFileUnderSpec() => Assert.Equal(
        YamlTree.Of(File.ReadAllText(Clone.At("deploy/monitoring/alerts.yml"))).ToJsonString(),
        YamlTree.Of(File.ReadAllText(Clone.At("deploy/monitoring/prometheus-rule.yaml")))["spec"]!.ToJsonString());

    [Fact]
    public void Alerts_EachHaveSeveritySummaryAndWhatToDoAndAreInTheGuide()
    {
        var guide = File.ReadAllText(Clone.At("docs/kubernetes.md"));
        Assert.All(Alerts(), rule =>
        {
            Assert.Contains(rule["labels"]!["severity"]!.GetValue<string>(), (string[])["critical", "warning"]);
            Assert.NotEmpty(rule["annotations"]!["summary"]!.GetValue<string>());
            Assert.NotEmpty(rule["annotations"]!["description"]!.GetValue<string>());
            Assert.Contains($"`{rule["alert"]}`", guide, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void RefusalCodes_OfAlerts_AreThoseOfTheOperationsGuide()
    {
        var guide = File.ReadAllText(Clone.At("docs/operations.md"));
        var codes = Alerts().SelectMany(rule => Code().Matches(rule["expr"]!.GetValue<string>())).Select(code => code.Groups["code"].Value).ToArray();

        Assert.NotEmpty(codes);
        Assert.All(codes, code => Assert.Contains($"| `{code}` |", guide, StringComparison.Ordinal));
    }

    [Fact]
    public void Panels_HaveNamesOfTheirOwnAndDoNotOverlap()
    {
        var places = Panels().Select(panel => panel["gridPos"]!).ToArray();

        Assert.Equal(places.Length, Panels().Select(panel => panel["title"]!.GetValue<string>()).Distinct().Count());
        var cells = places.SelectMany(place =>
            from x in Enumerable.Range(Of(place, "x"), Of(place, "w")) from y in Enumerable.Range(Of(place, "y"), Of(place, "h")) select (x, y)).ToArray();
        Assert.Equal(cells.Distinct().Count(), cells.Length);
        Assert.All(cells, cell => Assert.InRange(cell.x, 0, 23));
        static int Of(JsonNode place, string side) => place[side]!.GetValue<int>();
    }

    private void Check(string expression)
    {
        var named = Metric().Matches(expression).ToArray();
        Assert.NotEmpty(named);
        Assert.All(named, metric =>
        {
            var name = metric.Groups["name"].Value;
            Assert.True(registered.Metrics.TryGetValue(name, out var labels), $"'{name}' is not among {string.Join(", ", registered.Metrics.Keys.Order())}");
            var matched = Matched().Matches(metric.Groups["matchers"].Value).Select(label => label.Groups["label"].Value);
            Assert.Subset(labels.Concat(OfTheTarget).ToHashSet(), matched.ToHashSet());
        });
        var known = named.SelectMany(metric => registered.Metrics[metric.Groups["name"].Value]).Concat(OfTheTarget).ToHashSet();
        Assert.Subset(known, By().Matches(expression).SelectMany(by => by.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries)).ToHashSet());
    }

    private static IEnumerable<JsonNode> Alerts() =>
        YamlTree.Of(File.ReadAllText(Clone.At("deploy/monitoring/alerts.yml")))["groups"]!.AsArray()
            .SelectMany(group => group!["rules"]!.AsArray()).Select(rule => rule!);

    private static IEnumerable<JsonNode> Panels() =>
        JsonNode.Parse(File.ReadAllText(Clone.At("deploy/monitoring/infermux.json")))!["panels"]!.AsArray().Select(panel => panel!);

    [GeneratedRegex(@"\b(?<name>(infermux|dotnet)_[a-z_]+)(\{(?<matchers>[^}]*)\})?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Metric();

    [GeneratedRegex(@"(?<label>[a-z_]+)\s*(=~|!~|!=|=)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Matched();

    [GeneratedRegex(@"\bby \((?<labels>[^)]*)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex By();

    [GeneratedRegex(@"code=""(?<code>\w+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Code();
}
