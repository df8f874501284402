using System.Buffers;
using System.Globalization;
using System.Text;
using Xunit;
using static Infermux.Providers.Tests.Gemini.Translation;

namespace Infermux.Providers.Tests.Gemini;

/// <summary>Whatever bytes arrive, nothing throws, nothing hangs, and what is written stays within a multiple of what came.</summary>
public sealed class GeminiFuzzTests
{
    private const int MostWritten = 40; // times the bytes read, plus one chunk's frame: a part of a few bytes becomes a chunk with its frame

    private static readonly byte[][] Seeds =
    [
        .. GeminiFixtures.All.Values.Select(Wire), .. GeminiFixtures.All.Values.Select(ArrayWire),
        Encoding.UTF8.GetBytes("""[{"error":{"code":429,"message":"m","status":"RESOURCE_EXHAUSTED","details":[{"violations":[{"quotaId":"PerDay"}]},{"retryDelay":"3s"}]}}]"""),
    ];

    [Fact]
    public void Bytes_ChangedAtRandom_AreSurvived() => Run(seed: 1, cases: 20_000);

    /// <summary>Ten million cases, or as many as <c>INFERMUX_FUZZ_CASES</c> says.</summary>
    [Fact(Explicit = true)]
    public void Bytes_ChangedAtRandomTenMillionTimes_AreSurvived() => Run(
        seed: 2, cases: int.TryParse(Environment.GetEnvironmentVariable("INFERMUX_FUZZ_CASES"), CultureInfo.InvariantCulture, out var asked) ? asked : 10_000_000);

    private static void Run(int seed, int cases)
    {
        var random = new Random(seed);
        for (var i = 0; i < cases; i++)
        {
            var wire = Mutated(Seeds[random.Next(Seeds.Length)], random);
            var translator = Dialect.CreateStream(Inbound($$"""{"model":"mine","stream":true,{{Hi}}}"""), Target());
            var output = new ArrayBufferWriter<byte>();
            for (var at = 0; at < wire.Length;)
            {
                var size = Math.Min(random.Next(1, 400), wire.Length - at);
                translator.Push(wire.AsSpan(at, size), output);
                at += size;
            }

            translator.EndOfBody(output);
            Assert.True(translator.Ended ^ translator.Failure is not null, $"case {i}: neither an end nor a failure");
            Assert.True(output.WrittenCount <= (MostWritten * wire.Length) + 4_096, $"case {i}: {wire.Length} bytes became {output.WrittenCount}");
            output.Clear();
            var whole = Dialect.ReadWhole(Inbound($$"""{"model":"mine",{{Hi}}}"""), Target(), wire, output);
            Assert.True(whole.Failure is not null || output.WrittenCount > 0);
            Assert.NotNull(Dialect.ReadFailure(400, new HttpResponseMessage().Headers, wire));
        }
    }

    private static byte[] Mutated(byte[] wire, Random random)
    {
        var bytes = wire.ToList();
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
                    bytes.InsertRange(at, bytes.Skip(random.Next(bytes.Count)).Take(random.Next(1, 60)).ToArray());
                    break;
                case 3:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Odd[random.Next(Odd.Length)]));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return [.. bytes];
    }

    private static readonly string[] Odd =
    [
        "\"", "\\", "\\ud800", "{", "}", "[", "]", ",", "\n", "\r\n\r\n", "data: ", ":", "null", "1e999", "-1", "99999999999999999999", "\u2028", "\0", "\uFEFF",
        "{\"functionCall\":{\"args\":{\"a\":\"\\ud800\"}}}", "\"index\":2147483648", "\"index\":127", "\"thoughtSignature\":\"x\",", "\"error\":{},",
    ];
}
