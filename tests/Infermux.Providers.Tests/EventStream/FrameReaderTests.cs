using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Infermux.Providers.EventStream;
using Infermux.Providers.Tests.Fuzzing;
using Infermux.Testing;
using Xunit;

namespace Infermux.Providers.Tests.EventStream;

public sealed class FrameReaderTests
{
    private static readonly byte[] Three =
        [.. EventFrame.Event("messageStart", """{"role":"assistant"}"""), .. EventFrame.Raw("pay\0load ü"u8, []), .. EventFrame.Exception("throttlingException", "{}")];

    [Fact]
    public void Frames_CutAtEveryByte_AreTheSame()
    {
        var whole = Read(Three, [Three.Length]);
        Assert.Equal("event messageStart  {\"role\":\"assistant\"}\n   pay\0load ü\nexception  throttlingException {}\n", whole.Text);
        for (var at = 0; at <= Three.Length; at++)
        {
            Assert.Equal(whole, Read(Three, [Math.Max(1, at), Three.Length]));
        }

        for (var size = 1; size < Three.Length; size++)
        {
            Assert.Equal(whole, Read(Three, [size]));
        }
    }

    [Fact]
    public void Frame_WholeInThePiece_IsNotCopied()
    {
        var reader = new FrameReader();
        ReadOnlySpan<byte> bytes = Three;
        Assert.True(reader.TryRead(ref bytes, out var frame));
        Assert.True(frame.Payload.Overlaps(Three));
    }

    [Fact]
    public void Byte_ChangedAnywhere_IsNoticed()
    {
        var frame = EventFrame.Event("messageStop", """{"stopReason":"end_turn"}""");
        for (var at = 0; at < frame.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                var changed = (byte[])frame.Clone();
                changed[at] ^= (byte)(1 << bit);
                var run = Read(changed, [7]);
                Assert.Equal("", run.Text);
                Assert.Equal(at < 12 ? FrameFault.Prelude : FrameFault.Checksum, run.Fault);
            }
        }
    }

    [Fact]
    public void Length_OverTheCap_IsRefusedBeforeAnythingIsKept()
    {
        var prelude = new byte[12];
        BinaryPrimitives.WriteUInt32BigEndian(prelude, uint.MaxValue);
        EventFrame.Seal(prelude);
        Assert.Equal(FrameFault.TooLarge, Read(prelude, [5]).Fault);
        BinaryPrimitives.WriteUInt32BigEndian(prelude, FrameReader.DefaultMaxFrameBytes + 1);
        EventFrame.Seal(prelude);
        Assert.Equal(FrameFault.TooLarge, Read(prelude, [12]).Fault);
        BinaryPrimitives.WriteUInt32BigEndian(prelude, FrameReader.DefaultMaxFrameBytes);
        EventFrame.Seal(prelude);
        Assert.Equal((FrameFault.None, true), (Read(prelude, [12]).Fault, Read(prelude, [12]).Inside));
    }

    [Theory]
    [InlineData(15, 0)] // shorter than any frame
    [InlineData(0, 0)]
    [InlineData(20, 5)] // headers that reach into the checksum
    [InlineData(40, 4_000_000_000)]
    public void Length_ThatNoFrameCanHave_IsRefused(uint total, uint headers)
    {
        var prelude = new byte[60];
        BinaryPrimitives.WriteUInt32BigEndian(prelude, total);
        BinaryPrimitives.WriteUInt32BigEndian(prelude.AsSpan(4), headers);
        EventFrame.Seal(prelude.AsSpan(0, 12));
        Assert.Equal(FrameFault.Length, Read(prelude, [9]).Fault);
    }

    [Fact]
    public void Headers_OfEveryType_AreSteppedOver()
    {
        byte[] headers =
        [
            1, (byte)'a', 0, 1, (byte)'b', 1, 1, (byte)'c', 2, 9, 1, (byte)'d', 3, 9, 9, 1, (byte)'e', 4, 9, 9, 9, 9, 1, (byte)'f', 5, 9, 9, 9, 9, 9, 9, 9, 9,
            1, (byte)'g', 6, 0, 2, 9, 9, 1, (byte)'h', 8, 9, 9, 9, 9, 9, 9, 9, 9, 1, (byte)'i', 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9,
            1, (byte)'j', 7, 0, 3, .. "yes"u8,
        ];
        var reader = new FrameReader();
        ReadOnlySpan<byte> bytes = EventFrame.Raw("x"u8, headers);
        Assert.True(reader.TryRead(ref bytes, out var frame));
        Assert.Equal("yes"u8, frame.Header("j"u8));
        Assert.True(frame.Header("g"u8).IsEmpty);
    }

    [Theory]
    [InlineData(new byte[] { 5, (byte)'a' })]
    [InlineData(new byte[] { 1, (byte)'a', 7, 0 })]
    [InlineData(new byte[] { 1, (byte)'a', 7, 0, 4, 1 })]
    [InlineData(new byte[] { 1, (byte)'a', 10, 1, 1 })]
    public void Headers_ThatCannotBeRead_AreAFault(byte[] headers) => Assert.Equal(FrameFault.Headers, Read(EventFrame.Raw("x"u8, headers), [100]).Fault);

    [Fact]
    public void Body_ThatIsNoStreamOfFrames_IsKeptForTheErrorReader()
    {
        var run = Read("<html><title>Sign in</title></html>"u8.ToArray(), [3]);
        Assert.Equal((FrameFault.Prelude, "<html><title>Sign in</title></html>"), (run.Fault, run.Stray));
        Assert.Equal(4096, Read(new byte[100_000], [777]).Stray.Length);
        Assert.Equal("", Read(Three, [5]).Stray);
    }

    [Fact]
    public void Cut_InsideAFrame_IsSeenAndBetweenTwoIsNot()
    {
        var first = EventFrame.Event("messageStart", """{"role":"assistant"}""").Length;
        Assert.False(Read(Three[..first], [8]).Inside);
        Assert.True(Read(Three[..(first + 1)], [8]).Inside);
        Assert.True(Read(Three[..(first - 1)], [1000]).Inside);
    }

    [Fact]
    public void Mutations_OfAStream_EndWithoutAnExceptionInAnyChunking() => Mutate(seed: 20, 3_000);

    [Fact(Explicit = true)]
    public void Mutations_TenMillion_EndWithoutAnException() => Mutate(LongRun.Seed, LongRun.Cases);

    private static void Mutate(int seed, int count)
    {
        var random = new Random(seed);
        for (var n = 0; n < count; n++)
        {
            var wire = Mutated(random, Three);
            var one = Read(wire, [wire.Length + 1]);
            Assert.Equal(one, Read(wire, [random.Next(1, 9), random.Next(1, 200)]));
            Assert.True(one.Text.Length <= wire.Length + 64);
        }
    }

    /// <summary>Bytes changed, cut out and doubled; half of them sealed anew, so that the checksums do not end every case at once.</summary>
    private static byte[] Mutated(Random random, byte[] wire)
    {
        var bytes = wire.ToList();
        for (var n = random.Next(1, 4); n > 0; n--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(3))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 9), bytes.Count - at - 1));
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                    break;
            }
        }

        var mutated = bytes.ToArray();
        if (random.Next(2) == 0 && mutated.Length >= 16)
        {
            EventFrame.Seal(mutated.AsSpan(0, 12));
            if (BinaryPrimitives.ReadUInt32BigEndian(mutated) is var total && total >= 16 && total <= mutated.Length)
            {
                EventFrame.Seal(mutated.AsSpan(0, (int)total));
            }
        }

        return mutated;
    }

    private static Run Read(byte[] wire, int[] sizes)
    {
        var reader = new FrameReader();
        var text = new StringBuilder();
        for (int at = 0, i = 0; at < wire.Length; i++)
        {
            var size = Math.Min(sizes[i % sizes.Length], wire.Length - at);
            ReadOnlySpan<byte> piece = wire.AsSpan(at, size).ToArray(); // its own array, so that a kept reference would show
            while (reader.TryRead(ref piece, out var frame))
            {
                text.Append(Encoding.UTF8.GetString(frame.MessageType)).Append(' ').Append(Encoding.UTF8.GetString(frame.EventType)).Append(' ')
                    .Append(Encoding.UTF8.GetString(frame.ExceptionType)).Append(' ').Append(Encoding.UTF8.GetString(frame.Payload)).Append('\n');
            }

            at += size;
        }

        return new Run(text.ToString(), reader.Fault, reader.IsInsideFrame, Encoding.UTF8.GetString(reader.Stray));
    }

    private sealed record Run(string Text, FrameFault Fault, bool Inside, string Stray);
}
