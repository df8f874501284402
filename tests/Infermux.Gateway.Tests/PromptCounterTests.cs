using Infermux.Gateway.Inference.Selecting;
using Microsoft.ML.Tokenizers;

namespace Infermux.Gateway.Tests;

public sealed class PromptCounterTests
{
    /// <summary>Two tokens of o200k_base: 24912, 2375.</summary>
    private static readonly byte[] Body = "hello world"u8.ToArray();

    [Fact(Timeout = 30_000)]
    public async Task Count_WhileTheVocabularyIsRead_LeavesItsCallersThreadFree()
    {
        using var read = new ManualResetEventSlim();
        var reads = 0;
        var counter = new PromptCounter(() =>
        {
            reads++;
            read.Wait(TestContext.Current.CancellationToken); // a reader on the callers' thread would never let this test come to Set
            return TiktokenTokenizer.CreateForEncoding("o200k_base");
        });

        var counts = Enumerable.Range(0, 3).Select(_ => counter.CountAsync(Body, "gpt-4o-mini", bound: 1000).AsTask()).ToArray();
        Assert.All(counts, count => Assert.False(count.IsCompleted));

        read.Set();
        Assert.All(await Task.WhenAll(counts), tokens => Assert.Equal(2, tokens));
        Assert.Equal(1, reads);
    }

    [Theory]
    [InlineData("gpt-4o-mini", 1000, 2)]
    [InlineData("o4-mini", 1000, 2)]
    [InlineData("claude-haiku-4-5", 1000, 3)]
    [InlineData("gpt-4o-mini", 1, 1)]
    public async Task Count_OfABody_RoundsUpForOtherVendorsAndStaysWithinTheBound(string model, long bound, long tokens) =>
        Assert.Equal(tokens, await new PromptCounter().CountAsync(Body, model, bound));
}
