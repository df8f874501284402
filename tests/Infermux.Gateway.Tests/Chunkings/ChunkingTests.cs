using System.Globalization;
using System.Text.RegularExpressions;
using Infermux.Core.Configuration;
using Infermux.Core.Pricing;
using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Chunkings;

/// <summary>
/// Every reply of every upstream dialect through the gateway over sockets, in fifty seeded chunkings, for every inbound dialect: the answer is the same, ends
/// well and costs what the hand says.
/// </summary>
public sealed partial class ChunkingTests(SharedGateway shared) : IClassFixture<SharedGateway>, IAsyncLifetime
{
    private const int Chunkings = 50;
    private const int Pieces = 5; // a chunking, more or less; cut at every byte it is read in memory, by the tests of the providers
    private const int AtOnce = 16;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1); // between two pieces: without it the sockets join most of them again

    private static readonly Reply[] All = [.. Reply.Own, .. RecordedReplies.All];

    private TestGateway _gateway = null!;

    /// <summary>Upstream dialects by inbound paths.</summary>
    public static TheoryData<ReplyDialect, string> Pairs()
    {
        var pairs = new TheoryData<ReplyDialect, string>();
        foreach (var dialect in Enum.GetValues<ReplyDialect>())
        {
            foreach (var path in InboundCall.Paths.Where(path => path is not "/v1/completions" || dialect is not (ReplyDialect.Chat or ReplyDialect.Responses)))
            {
                pairs.Add(dialect, path); // text completions go to OpenAI's dialect as they are, so chat is no answer to them there
            }
        }

        return pairs;
    }

    public static TheoryData<string> Missing => RecordedReplies.Missing is [] ? ["all are here"] : [.. RecordedReplies.Missing];

    public async ValueTask InitializeAsync()
    {
        (_gateway, var providers) = await shared.BeginAsync([new() { Name = "all", KeepBodies = false }], static started => Priced(Setup.Of(
            RoutingStrategy.Priority,
            Setup.OpenAi(started[0], nameof(ReplyDialect.Chat)) with { ModelAliases = Alias(ReplyDialect.Chat) },
            Setup.Anthropic(started[0], nameof(ReplyDialect.Anthropic)) with { ModelAliases = Alias(ReplyDialect.Anthropic) },
            Setup.Gemini(started[0], nameof(ReplyDialect.Gemini)) with { ModelAliases = Alias(ReplyDialect.Gemini) },
            Setup.Anthropic(started[0], nameof(ReplyDialect.Bedrock)) with { Type = ProviderType.Bedrock, AwsRegion = "us-east-1", ModelAliases = Alias(ReplyDialect.Bedrock) },
            Setup.OpenAi(started[0], nameof(ReplyDialect.Responses)) with { ResponsesApi = true, ModelAliases = Alias(ReplyDialect.Responses) })));
        providers[0].Rule = Played;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(Pairs))]
    public async Task Replies_InFiftyChunkings_ComeOutTheSame(ReplyDialect upstream, string path)
    {
        await Parallel.ForEachAsync(
            All.Index().Where(reply => reply.Item.Dialect == upstream),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken },
            async (play, _) => await SameAsync(path, play.Index, play.Item));
    }

    [Theory]
    [MemberData(nameof(Missing))]
    public void Recording_ThatIsNotBesideTheClone_IsSkippedByName(string file) =>
        Assert.SkipWhen(RecordedReplies.Missing.Contains(file, StringComparer.Ordinal), $"shared/fixtures/{file} is not beside this clone");

    private async Task SameAsync(string path, int index, Reply reply)
    {
        string? expected = null;
        for (var chunking = 0; chunking <= Chunkings; chunking++) // the first is not cut
        {
            var answer = await _gateway.AskAsync(path, reply.Dialect.ToString(), $"reply={index:D4} chunking={chunking:D4}", reply.Stream);
            Assert.True(answer.Status == 200 && (!reply.Stream || answer.Ends(path)), $"{reply} for {path}, chunking {chunking}: {answer.Status} {answer.Body}");
            expected ??= answer.Timeless();
            Assert.True(string.Equals(expected, answer.Timeless(), StringComparison.Ordinal), $"{reply} for {path}, chunking {chunking}:\n{answer.Body}\nand not\n{expected}");
            if (reply.Micros is { } micros)
            {
                Assert.True(micros / 1_000_000m == answer.Cost(), $"{reply} for {path}: {answer.Cost()} USD and not {micros / 1_000_000m}");
            }
        }
    }

    /// <summary>The reply and the chunking that the prompt names.</summary>
    private static Behaviour? Played(ScriptedRequest request)
    {
        var named = Named().Match(request.Body);
        var (reply, chunking) = (All[Number(named.Groups["reply"])], Number(named.Groups["chunking"]));
        return new Behaviour
        {
            Bytes = reply.Body,
            BodyType = reply.ContentType,
            Wire = chunking == 0 ? new WireShape() : new WireShape { SplitEvery = Math.Max(1, 2 * reply.Body.Length / Pieces), SplitSeed = chunking, SplitInterval = Pause },
        };
    }

    private static int Number(Group group) => int.Parse(group.ValueSpan, CultureInfo.InvariantCulture);

    private static Dictionary<string, string> Alias(ReplyDialect dialect) => new(StringComparer.Ordinal) { [dialect.ToString()] = Upstream(dialect) };

    private static string Upstream(ReplyDialect dialect) => dialect switch
    {
        ReplyDialect.Anthropic => "claude-haiku-4-5",
        ReplyDialect.Gemini => "gemini-of-the-tests", // one without steps of price of its own
        ReplyDialect.Bedrock => "us.anthropic.claude-haiku-4-5-20251001-v1:0",
        ReplyDialect.Responses => "gpt-6.1-sol", // which takes tools by Responses only
        _ => "llama",
    };

    /// <summary>At the prices that the hand reckoned with.</summary>
    private static InfermuxOptions Priced(InfermuxOptions options) => options with
    {
        Pricing = new PricingOptions
        {
            Overrides = Enum.GetValues<ReplyDialect>().ToDictionary(
                static dialect => dialect.ToString(),
                static IReadOnlyDictionary<string, PriceOverride> (dialect) => new Dictionary<string, PriceOverride>(StringComparer.Ordinal)
                {
                    [Upstream(dialect)] = new() { InputPerMillion = 2m, CachedInputPerMillion = 0.5m, CacheWritePerMillion = 2.5m, OutputPerMillion = 10m, ReasoningPerMillion = 10m },
                },
                StringComparer.Ordinal),
        },
    };

    [GeneratedRegex("reply=(?<reply>[0-9]{4}) chunking=(?<chunking>[0-9]{4})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1_000)]
    private static partial Regex Named();
}
