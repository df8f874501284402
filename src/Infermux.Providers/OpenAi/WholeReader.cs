using System.Buffers;
using System.Text;
using System.Text.Json;
using Infermux.Core.Failures;
using Infermux.Core.Pricing;
using Infermux.Providers.Failures;
using Infermux.Providers.Json;

namespace Infermux.Providers.OpenAi;

/// <summary>Reads a whole answer of OpenAI's dialect and writes it with the caller's model name. A status of 200 proves nothing: errors and pages come with it too.</summary>
internal static class WholeReader
{
    /// <summary>Reads and writes; on a failure nothing is written.</summary>
    public static WholeAnswer Read(InferenceRequest request, AttemptTarget target, ReadOnlySpan<byte> body, IBufferWriter<byte> output, TimeProvider time)
    {
        var json = WithoutMarkAndBlanks(body);
        if (json.IsEmpty)
        {
            return Failed(FailureReader.NotAnAnswer("answered 200 with an empty body"));
        }

        try
        {
            return Scan(request, target, json, output, time);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException) // text that is not JSON, or a string that is not Unicode
        {
            return Failed(FailureReader.NotAnAnswer("answered 200 with something that is not JSON: " + SecretMask.Apply(ErrorBody.Read(json).Message)));
        }
    }

    private static WholeAnswer Scan(InferenceRequest request, AttemptTarget target, ReadOnlySpan<byte> json, IBufferWriter<byte> output, TimeProvider time)
    {
        var edits = new JsonEdits();
        var model = request.CallersModel;
        var scan = new AnswerScan(json, request.Operation, isChunk: false, model, new ToolCallRepair(target.RequestId ?? target.Model), new(1), edits);
        var isObject = scan.Run();
        if (FailureIn(scan.Marks, isObject, scan.Usage, json, time) is { } failure)
        {
            return Failed(failure);
        }

        edits.Write(json, output);
        return new WholeAnswer { Usage = scan.Usage, ServiceTier = scan.ServiceTier.IsEmpty ? null : Encoding.UTF8.GetString(scan.ServiceTier), OutputCharacters = scan.Characters };
    }

    private static ProviderFailure? FailureIn(AnswerMarks marks, bool isObject, TokenUsage? usage, ReadOnlySpan<byte> json, TimeProvider time) =>
        (marks & AnswerMarks.Error) != AnswerMarks.None || (isObject && (marks & AnswerMarks.List) == AnswerMarks.None && ErrorBody.Read(json) is { Status: not null })
            ? FailureReader.ReadInAnswer(json, time.GetUtcNow(), usage)
        : (marks & AnswerMarks.FinishFault) != AnswerMarks.None ? FailureReader.NotAnAnswer("the provider ended the answer with finish_reason 'error'", usage)
        : (marks & AnswerMarks.FinishOverloaded) != AnswerMarks.None
            ? new ProviderFailure(FailureClass.Overloaded, 200, "the provider ended the answer with finish_reason 'insufficient_system_resource'") { Usage = usage }
        : (marks & AnswerMarks.Filled) == AnswerMarks.None ? FailureReader.NotAnAnswer("answered 200 with JSON that holds no answer", usage)
        : null;

    private static ReadOnlySpan<byte> WithoutMarkAndBlanks(ReadOnlySpan<byte> body) =>
        (body.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? body[3..] : body).Trim(" \t\r\n"u8); // DeepSeek sends blank lines to keep the connection

    private static WholeAnswer Failed(ProviderFailure failure) => new() { Failure = failure };
}
