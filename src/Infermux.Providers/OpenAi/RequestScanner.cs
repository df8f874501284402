using System.Text.Json;
using System.Text.Unicode;
using Infermux.Providers.Responses;

namespace Infermux.Providers.OpenAi;

/// <summary>Reads an inbound OpenAI request in one pass over its bytes and refuses what no provider should see.</summary>
public static class RequestScanner
{
    /// <summary>Finds what routing and money need to know.</summary>
    /// <param name="operation">Which path it came in by.</param>
    /// <param name="body">The whole body.</param>
    /// <param name="maxDepth">Most levels of nesting; <c>limits.max_json_depth</c>.</param>
    /// <param name="modelOfPath">The model that the path names, which counts where the body names none; null: the path has none.</param>
    /// <exception cref="RequestRefusedException">The body is not JSON, is too deep, or a field that Infermux reads is missing, given twice or out of range.</exception>
    public static RequestFacts Scan(Operation operation, ReadOnlySpan<byte> body, int maxDepth, string? modelOfPath = null)
    {
        RefuseWrongEncoding(body);
        try
        {
            var facts = new RequestScan(operation, body, maxDepth, modelOfPath).Run();
            if (operation == Operation.Responses)
            {
                ResponsesFields.RefuseState(body);
            }

            return facts;
        }
        catch (JsonException e)
        {
            throw new RequestRefusedException(
                $"The body is not valid JSON at line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}: {WithoutPosition(e.Message)} Send one JSON object (RFC 8259).");
        }
    }

    private static void RefuseWrongEncoding(ReadOnlySpan<byte> body)
    {
        if (body.IsEmpty)
        {
            throw new RequestRefusedException("The body is empty. Send a JSON object with at least 'model'.");
        }

        if (body.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
        {
            throw new RequestRefusedException("The body starts with a byte-order mark at line 1, byte 1. Send UTF-8 without it.");
        }

        if (!Utf8.IsValid(body))
        {
            throw new RequestRefusedException($"The body is not valid UTF-8 at {Position(body, FirstInvalid(body))}. Encode it as UTF-8.");
        }
    }

    /// <summary>Line and byte of an offset, both counted from 1.</summary>
    internal static string Position(ReadOnlySpan<byte> body, long offset)
    {
        var before = body[..(int)Math.Min(offset, body.Length)];
        return $"line {before.Count((byte)'\n') + 1}, byte {before.Length - before.LastIndexOf((byte)'\n')}";
    }

    private static int FirstInvalid(ReadOnlySpan<byte> body)
    {
        var at = 0;
        while (System.Text.Rune.DecodeFromUtf8(body[at..], out _, out var taken) == System.Buffers.OperationStatus.Done)
        {
            at += taken;
        }

        return at;
    }

    private static string WithoutPosition(string message) =>
        message.IndexOf(" LineNumber:", StringComparison.Ordinal) is >= 0 and var at ? message[..at] : message;
}
