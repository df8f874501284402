using System.Text.Json;
using Infermux.Providers.Tests.Fixtures;
using Infermux.Testing;
using Xunit;

namespace Infermux.Providers.Tests.Fuzzing;

/// <summary>
/// Whatever bytes a provider sends, for whichever caller: nothing throws, nothing hangs, any chunking gives the same, a stream ends or fails, what is written is
/// JSON and stays within a multiple of what came.
/// </summary>
public sealed class AnswerFuzzTests
{
    // A part of a few bytes becomes a chunk with its frame, and a caller of Responses is told everything three times.
    private const int MostWritten = 100;
    private const int MostBeside = 16_384;

    private static readonly JsonDocumentOptions Deep = new() { MaxDepth = 1_024 };

    public static TheoryData<ReplyDialect> Upstreams => [.. Enum.GetValues<ReplyDialect>()];

    [Theory]
    [MemberData(nameof(Upstreams))]
    public void Reply_ChangedAtRandom_IsSurvived(ReplyDialect upstream) => Run(upstream, seed: 1, cases: 3_000);

    /// <summary>As many as <see cref="LongRun"/> says, of each upstream dialect.</summary>
    [Theory(Explicit = true)]
    [MemberData(nameof(Upstreams))]
    public void Reply_ChangedAtRandomTenMillionTimes_IsSurvived(ReplyDialect upstream) => Run(upstream, LongRun.Seed, LongRun.Cases);

    private static void Run(ReplyDialect upstream, int seed, int cases)
    {
        var random = new Random(seed);
        var replies = Reply.Own.Where(reply => reply.Dialect == upstream).ToList();
        var callers = Attempt.Callers(upstream).Select(caller => new Attempt(caller, upstream)).ToList();
        for (var n = 0; n < cases; n++)
        {
            var (attempt, reply) = (callers[random.Next(callers.Count)], replies[random.Next(replies.Count)]);
            var bytes = upstream == ReplyDialect.Bedrock && reply.Stream ? Mutation.OfFrames(reply.Body, random) : Mutation.Of(reply.Body, random);
            try
            {
                if (reply.Stream)
                {
                    Streamed(attempt, bytes, random);
                }
                else
                {
                    Whole(attempt, bytes);
                }

                Assert.NotNull(attempt.Failure(bytes));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, case {n}, {reply}, caller {callers.IndexOf(attempt)}: {e.Message}\n{Convert.ToBase64String(bytes)}", e);
            }
        }
    }

    private static void Streamed(Attempt attempt, byte[] bytes, Random random)
    {
        var one = attempt.Stream(bytes, int.MaxValue);
        var cut = attempt.Stream(bytes, random.Next(1, 400), random.Next(1, 20));
        Assert.True(one.IsLike(cut), $"cut otherwise it is\n{cut}\nand not\n{one}");
        Assert.True(one.Ended ^ (one.Failure is not null), "neither an end nor a failure, or both");
        Assert.True(one.Text.Length <= (MostWritten * bytes.Length) + MostBeside, $"{bytes.Length} bytes became {one.Text.Length}");
        foreach (var data in one.Events())
        {
            JsonDocument.Parse(data, Deep).Dispose();
        }
    }

    private static void Whole(Attempt attempt, byte[] bytes)
    {
        var answer = attempt.Whole(bytes);
        if (answer.Failure is null)
        {
            JsonDocument.Parse(answer.Text, Deep).Dispose();
            Assert.True(answer.Text.Length <= (MostWritten * bytes.Length) + MostBeside, $"{bytes.Length} bytes became {answer.Text.Length}");
        }
    }
}
