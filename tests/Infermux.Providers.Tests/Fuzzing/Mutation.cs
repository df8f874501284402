using System.Buffers.Binary;
using System.Text;
using Infermux.Testing;

namespace Infermux.Providers.Tests.Fuzzing;

/// <summary>Changes valid bytes at random, so that most of what is made is nearly right.</summary>
internal static class Mutation
{
    private static readonly byte[][] Odd =
    [
        .. new[]
        {
            "\"", "\\", "\\u0", "\\ud800", "{", "}", "[", "]", ",", "\n", "\r\n\r\n", "data: ", ":", "null", "1e999", "-1", "99999999999999999999", "\u2028", "\0", "\uFEFF",
            "{\"functionCall\":{\"args\":{\"a\":\"\\ud800\"}}}", "\"index\":2147483648", "\"index\":127", "\"thoughtSignature\":\"x\",", "\"error\":{},", "event: error\n",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    /// <summary>One to five changes: a byte, a bit, a piece cut out, doubled or put in, the rest left off.</summary>
    public static byte[] Of(byte[] valid, Random random)
    {
        var bytes = new List<byte>(valid);
        for (var changes = random.Next(1, 6); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(6))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 40), bytes.Count - at));
                    break;
                case 2:
                    var from = random.Next(bytes.Count);
                    bytes.InsertRange(at, bytes.GetRange(from, Math.Min(random.Next(1, 1 + (bytes.Count / 3)), bytes.Count - from)));
                    break;
                case 3:
                    bytes.InsertRange(at, Odd[random.Next(Odd.Length)]);
                    break;
                case 4 when random.Next(4) == 0: // else most cases would be short
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return [.. bytes];
    }

    /// <summary>
    /// A stream of frames in which JSON is changed and its frame sealed anew, so that what lies behind the checksums is tried; frames are left out, doubled,
    /// put elsewhere. One in eight keeps its wrong checksum.
    /// </summary>
    public static byte[] OfFrames(byte[] valid, Random random)
    {
        var whole = Frames(valid);
        var frames = whole.Select(static frame => (byte[])frame.Clone()).ToList();
        for (var changes = random.Next(1, 6); changes > 0; changes--)
        {
            var at = random.Next(frames.Count);
            switch (random.Next(4))
            {
                case 0:
                    frames[at][random.Next(12, frames[at].Length - 4)] = (byte)random.Next(32, 127);
                    if (random.Next(8) > 0)
                    {
                        EventFrame.Seal(frames[at]);
                    }

                    break;
                case 1:
                    frames.RemoveAt(at);
                    break;
                case 2:
                    frames.Insert(random.Next(frames.Count), (byte[])frames[at].Clone());
                    break;
                default:
                    frames.Insert(at, (byte[])whole[random.Next(whole.Count)].Clone());
                    break;
            }

            frames = frames.Count == 0 ? [(byte[])whole[0].Clone()] : frames;
        }

        return [.. frames.SelectMany(static frame => frame)];
    }

    private static List<byte[]> Frames(byte[] wire)
    {
        var frames = new List<byte[]>();
        for (var at = 0; at < wire.Length; at += frames[^1].Length)
        {
            frames.Add(wire.AsSpan(at, BinaryPrimitives.ReadInt32BigEndian(wire.AsSpan(at))).ToArray());
        }

        return frames;
    }
}
