using Infermux.Core.Configuration;
using Infermux.Core.Pricing;
using Infermux.Testing;
using Xunit;

namespace Infermux.Providers.Tests.Fixtures;

/// <summary>Every reply, the project's own and the recorded ones, for every caller.</summary>
public sealed class ReplyTests
{
    private static readonly ModelPrice Price = new() { Input = 2m, CacheRead = 0.5m, CacheWrite = 2.5m, Output = 10m };

    private static readonly Reply[] All = [.. Reply.Own, .. RecordedReplies.All];

    /// <summary>The replies by name; the recordings where there are none, so that they are named as skipped.</summary>
    public static TheoryData<string> Names => [.. All.Select(static reply => reply.ToString()), .. RecordedReplies.Missing];

    [Theory]
    [MemberData(nameof(Names))]
    public void Reply_ForEveryCaller_CostsWhatTheHandSays(string name)
    {
        var reply = Find(name);
        foreach (var caller in Attempt.Callers(reply.Dialect))
        {
            Assert.Equal(reply.Micros, Cost(new Attempt(caller, reply.Dialect), reply));
        }

        ProviderType[] alike = reply.Dialect switch
        {
            ReplyDialect.Chat => [ProviderType.OpenAi, ProviderType.AzureOpenAi, ProviderType.Ollama],
            ReplyDialect.Responses => [ProviderType.AzureOpenAi],
            _ => [],
        };
        foreach (var type in alike)
        {
            var target = Attempt.Target(reply.Dialect) with { Provider = new ProviderOptions { Name = "p", Type = type } };
            Assert.Equal(reply.Micros, Cost(new Attempt(reply.Dialect == ReplyDialect.Chat ? Operation.ChatCompletions : Operation.Responses, target), reply));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Stream_CutAtEveryByte_IsTheSameForEveryCaller(string name)
    {
        var reply = Find(name);
        if (!reply.Stream)
        {
            return;
        }

        foreach (var caller in Attempt.Callers(reply.Dialect))
        {
            var attempt = new Attempt(caller, reply.Dialect);
            var whole = attempt.Stream(reply.Body, int.MaxValue);
            Assert.True(whole.Ended, $"{caller}: {whole.Failure} {whole.Text}");
            foreach (var size in (int[])[1, 2, 3, 7, 64])
            {
                Assert.True(whole.IsLike(attempt.Stream(reply.Body, size)), $"{caller}, in pieces of {size}");
            }

            for (var cut = 1; cut < reply.Body.Length; cut += 1 + (reply.Body.Length / 400)) // size 1 above has every boundary; here the rest comes at once
            {
                Assert.True(whole.IsLike(attempt.Stream(reply.Body, cut, int.MaxValue)), $"{caller}, cut at {cut}");
            }
        }
    }

    private static decimal? Cost(Attempt attempt, Reply reply)
    {
        var outcome = reply.Stream ? attempt.Stream(reply.Body, 100) : attempt.Whole(reply.Body);
        Assert.True(outcome.Failure is null, $"{outcome.Failure}: {outcome.Text}");
        return outcome.Usage is { } usage ? Price.Cost(usage) * 1_000_000m : null;
    }

    private static Reply Find(string name)
    {
        Assert.SkipWhen(RecordedReplies.Missing.Contains(name, StringComparer.Ordinal), $"shared/fixtures/{name} is not beside this clone");
        return All.Single(reply => string.Equals(reply.ToString(), name, StringComparison.Ordinal));
    }
}
