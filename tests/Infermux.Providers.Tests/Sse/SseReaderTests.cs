using System.Text;
using CsCheck;
using Infermux.Providers.Sse;
using Infermux.Providers.Tests.Fuzzing;
using Infermux.Testing;
using Xunit;

namespace Infermux.Providers.Tests.Sse;

public sealed class SseReaderTests
{
    [Theory]
    [InlineData("data: a\n\ndata: b\n\n", "|a", "|b")]
    [InlineData("data: a\r\n\r\ndata: b\r\n\r\n", "|a", "|b")]
    [InlineData("data: a\r\rdata: b\r\r", "|a", "|b")]
    [InlineData("data:a\n\ndata:   b\n\n data: c\n\n\tdata: d\n\n", "|a", "|b", "|c", "|d")]
    [InlineData("data: a\ndata: b\ndata:\ndata: c\n\n", "|a\nb\n\nc")]
    [InlineData("event: error\ndata: a\n\ndata: b\n\n", "error|a", "|b")]
    [InlineData("id: 7\nretry: 100\nevent: one\nevent: two\ndata: a\n\n", "two|a")]
    [InlineData("\uFEFFdata: a\n\n", "|a")]
    [InlineData("\uFEFF\ndata: a\n\n", "|a")]
    [InlineData("data: a\n\ndata: [DONE]", "|a", "|[DONE]")]
    [InlineData("data: a\n\ndata: [DONE]\n", "|a", "|[DONE]")]
    [InlineData("data: a  \n\n", "|a  ")]
    [InlineData("data: {\"a\":\"ü€\"}\n\n", "|{\"a\":\"ü€\"}")]
    [InlineData("data\n\ndata:\n\nevent: ping\n\n")]
    [InlineData(": comment\n\n: another\ndata: a\n: between\n\n", "|a")]
    [InlineData("")]
    public void Events_EveryLegalAndSeenForm_AreReadAtEveryChunkSize(string wire, params string[] expected)
    {
        var bytes = Encoding.UTF8.GetBytes(wire);
        for (var size = 1; size <= Math.Max(1, bytes.Length); size++)
        {
            Assert.Equal(expected, Read(bytes, size).Events);
        }
    }

    [Fact]
    public void Events_AnyBytesInAnyChunking_AreTheSame() =>
        Gen.Select(Lines, Gen.Int[1, 40].Array[1, 12], Gen.Int[8, 60]).Sample(
            (wire, sizes, cap) => Read(wire, wire.Length + 1, cap) == Read(wire, sizes, cap), iter: 20_000);

    [Fact]
    public void Events_OfChangedStreams_AreTheSameInAnyChunking() => Mutate(seed: 1, 5_000);

    [Fact(Explicit = true)]
    public void Events_OfStreamsChangedTenMillionTimes_AreTheSameInAnyChunking() => Mutate(LongRun.Seed, LongRun.Cases);

    private static void Mutate(int seed, int cases)
    {
        var random = new Random(seed);
        var streams = Reply.Own.Where(static reply => reply.Stream && reply.Dialect != ReplyDialect.Bedrock).Select(static reply => reply.Body).ToList();
        for (var n = 0; n < cases; n++)
        {
            var wire = Mutation.Of(streams[random.Next(streams.Count)], random);
            var cap = random.Next(4) == 0 ? random.Next(8, 2_000) : SseReader.DefaultMaxEventBytes;
            var one = Read(wire, wire.Length + 1, cap);
            Assert.True(one == Read(wire, [random.Next(1, 300), random.Next(1, 20)], cap), $"seed {seed}, case {n}");
            Assert.True(one.Text.Length <= (2 * wire.Length) + 2, $"seed {seed}, case {n}: {wire.Length} bytes became {one.Text.Length}");
        }
    }

    [Fact]
    public void Event_LargerThanTheCap_StopsTheReaderAndIsNotKept()
    {
        var reader = new SseReader(maxEventBytes: 1000);
        var piece = Encoding.UTF8.GetBytes(new string('x', 100));
        ReadOnlySpan<byte> head = "data: first\n\ndata: "u8;
        Assert.True(reader.TryRead(ref head, out var first));
        Assert.Equal("first"u8, first.Data);
        Assert.False(reader.TryRead(ref head, out _));
        for (var i = 0; i < 100; i++)
        {
            ReadOnlySpan<byte> next = piece;
            Assert.False(reader.TryRead(ref next, out _));
        }

        Assert.True(reader.TooLarge);
        Assert.False(reader.TryFinish(out _));
    }

    [Fact]
    public void Event_OfManyShortLinesOverTheCap_StopsTheReader()
    {
        var wire = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("data: x\n", 200)) + "\n");
        Assert.Equal(new Run("", 0, TooLarge: true, ""), Read(wire, 7, cap: 1000));
        Assert.Equal(new Run("", 0, TooLarge: true, ""), Read(wire, wire.Length, cap: 1000));
    }

    [Fact]
    public void Event_WholeInThePiece_IsNotCopied()
    {
        var wire = "data: 0123456789\n\ndata: abc\n\n"u8.ToArray();
        var reader = new SseReader();
        ReadOnlySpan<byte> bytes = wire;
        Assert.True(reader.TryRead(ref bytes, out var first));
        Assert.True(first.Data.Overlaps(wire));
        Assert.True(reader.TryRead(ref bytes, out var second));
        Assert.True(second.Data.Overlaps(wire));
    }

    [Fact]
    public void Stray_OfAPageOrAJsonErrorInsteadOfAStream_IsKeptForTheErrorReader()
    {
        Assert.Equal("<html>\n<body>Bad gateway", Read("<html>\n<body>Bad gateway"u8.ToArray(), 5).Stray);
        Assert.Equal("{\"error\":{\"message\":\"no\"}}", Read("{\"error\":{\"message\":\"no\"}}"u8.ToArray(), 3).Stray);
    }

    [Fact]
    public void Comments_AreCountedOncePerLine()
    {
        Assert.Equal(3, Read(": keep-alive\n\n: keep-alive\n\nevent: ping\n\ndata: x\n\n"u8.ToArray(), 4).Comments);
    }

    private static readonly Gen<byte[]> Lines = Gen.OneOf(
            "data: ", "data:", " data: ", "event: x", ": c", "id: 1", "\n", "\r", "\r\n", "\n\n", "{\"a\":1}", "ü€", "\uFEFF", "x", "<html>", "  ", "[DONE]", "data")
        .Array[0, 40].Select(parts => Encoding.UTF8.GetBytes(string.Concat(parts)));

    private static Run Read(byte[] wire, int size, int cap = SseReader.DefaultMaxEventBytes) => Read(wire, [size], cap);

    private static Run Read(byte[] wire, int[] sizes, int cap)
    {
        var reader = new SseReader(cap);
        var events = new StringBuilder();
        for (int at = 0, i = 0; at < wire.Length; i++)
        {
            var size = Math.Min(sizes[i % sizes.Length], wire.Length - at);
            ReadOnlySpan<byte> piece = wire.AsSpan(at, size).ToArray(); // its own array, so that a kept reference would show
            while (reader.TryRead(ref piece, out var e))
            {
                Append(events, e);
            }

            at += size;
        }

        if (reader.TryFinish(out var last))
        {
            Append(events, last);
        }

        return new Run(events.ToString(), reader.TooLarge ? 0 : reader.Comments, reader.TooLarge, reader.TooLarge ? "" : Encoding.UTF8.GetString(reader.Stray));
    }

    private static void Append(StringBuilder to, SseEvent e) =>
        to.Append(Encoding.UTF8.GetString(e.Name)).Append('|').Append(Encoding.UTF8.GetString(e.Data)).Append('\0');

    private sealed record Run(string Text, long Comments, bool TooLarge, string Stray)
    {
        public string[] Events => Text.Split('\0', StringSplitOptions.RemoveEmptyEntries);
    }
}
