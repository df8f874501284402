using System.Text;
using Infermux.Providers.Tests.Anthropic;
using Xunit;

namespace Infermux.Providers.Tests.Messages;

/// <summary>Mutated streams end as an answer or as a failure, never as an exception, and say the same at any chunking.</summary>
public sealed class MessagesFuzzTests
{
    private static readonly AttemptTarget Claude = MessagesRun.Target();
    private static readonly AttemptTarget Llama = MessagesRun.Chat();

    private static readonly byte[] ClaudesWire = Translation.Wire(
    [
        """{"type":"message_start","message":{"id":"m","type":"message","role":"assistant","model":"c","content":[],"usage":{"input_tokens":25,"output_tokens":1}}}""",
        """{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"h\u00e9"}}""",
        """{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"s"}}""",
        """{"type":"content_block_stop","index":0}""",
        """{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"f","input":{}}}""",
        """{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a\":1}"}}""",
        """{"type":"content_block_stop","index":1}""",
        """{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":40,"iterations":[{"output_tokens":1},{"output_tokens":2}]}}""",
        """{"type":"message_stop"}""",
    ]);

    private static readonly byte[] ChatWire = MessagesRun.ChatWire(
    [
        MessagesRun.Chunk("""{"role":"assistant","content":"","reasoning_content":"so"}"""),
        MessagesRun.Chunk("""{"reasoning_details":[{"type":"reasoning.text","text":"so","signature":"s"},{"type":"reasoning.encrypted","id":"r","data":"d"}]}"""),
        MessagesRun.Chunk("""{"content":"h\u00e9"}"""),
        MessagesRun.Chunk("""{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\":"}}]}"""),
        MessagesRun.Chunk("""{"tool_calls":[{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{}"}},{"index":0,"function":{"arguments":"1}"}}]}"""),
        MessagesRun.Chunk("{}", "\"tool_calls\""), MessagesRun.UsageChunk,
    ]);

    private static readonly byte[] ChatAnswer = Encoding.UTF8.GetBytes(
        """{"id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"hé","reasoning_details":[{"type":"reasoning.encrypted","id":"r","data":"d"}],"tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"stop"}]}""");

    [Fact]
    public void Mutations_AFewThousand_AreSurvived() => Run(seed: 1, 4_000);

    [Fact(Explicit = true)]
    public void Mutations_AMillion_AreSurvived() => Run(seed: 2, 1_000_000);

    private static void Run(int seed, int cases)
    {
        var random = new Random(seed);
        for (var n = 0; n < cases; n++)
        {
            var (wire, target) = n % 2 == 0 ? (ClaudesWire, Claude) : (ChatWire, Llama);
            var mutated = Mutate(wire, random);
            var whole = MessagesRun.Stream(mutated, [int.MaxValue], target);
            var cut = MessagesRun.Stream(mutated, [random.Next(1, 40), random.Next(1, 9)], target);
            Assert.True(whole.Ended || whole.Failure is not null);
            Assert.True(string.Equals(whole.Text, cut.Text, StringComparison.Ordinal), $"case {n}:\n{Encoding.UTF8.GetString(mutated)}");
            var body = Encoding.UTF8.GetString(Mutate(Encoding.UTF8.GetBytes(
                """{"type":"message","model":"m","content":[{"type":"thinking","thinking":"t","signature":"s"},{"type":"tool_use","input":{}}],"usage":{"input_tokens":1}}"""), random));
            Assert.NotNull(MessagesRun.Whole(body, Claude).Answer);
            Assert.NotNull(MessagesRun.WholeBytes(Mutate(ChatAnswer, random), Llama).Answer);
        }
    }

    private static byte[] Mutate(byte[] wire, Random random)
    {
        var bytes = wire.ToList();
        for (var changes = random.Next(1, 5); changes > 0; changes--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 30), bytes.Count - at));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 60), bytes.Count - at)));
                    break;
                case 3:
                    bytes.InsertRange(at, "{}[]\",:\\n\u0000null-1e9"u8[random.Next(10)..].ToArray());
                    break;
                default:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
            }

            if (bytes.Count == 0)
            {
                bytes.Add((byte)' ');
            }
        }

        return [.. bytes];
    }
}
