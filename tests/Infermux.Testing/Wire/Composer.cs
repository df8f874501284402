using System.Globalization;
using System.Text.RegularExpressions;

namespace Infermux.Testing;

/// <summary>Composes an answer from what was asked and what the script says. Deterministic.</summary>
internal static partial class Composer
{
    public static Answer Compose(Call call, Behaviour behaviour, ScriptedProviderOptions options, long number)
    {
        var script = behaviour.Answer;
        var all = Spread(Pieces(call, script, options.Name), script.CompletionTokens);
        var said = script.HonoursCap && call.MaxTokens is { } cap ? Cap(all, cap) : all;
        var prompt = Math.Max(script.PromptTokens ?? Math.Max(1, call.Prompt.Length / 4), script.CacheReadTokens + script.CacheWriteTokens);
        return new Answer
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{Prefix(call.Route.Kind)}{options.Name}{number:D6}"),
            Created = options.Time.GetUtcNow().ToUnixTimeSeconds(),
            Model = call.Route.Deployment ?? call.Model,
            Pieces = said,
            CutByCap = said.Count < all.Count,
            Usage = new TokenCount(
                prompt - script.CacheReadTokens - script.CacheWriteTokens, script.CacheReadTokens, script.CacheWriteTokens,
                call.Choices * said.Sum(static piece => (long)piece.Tokens),
                call.Choices * said.Where(static piece => piece.Kind == PieceKind.Reasoning).Sum(static piece => (long)piece.Tokens)),
            Report = behaviour.Usage,
            FinishReason = script.FinishReason,
            Stamped = script.Stamped,
            HugeChunk = behaviour.Wire.HugeChunk,
        };
    }

    private static string Prefix(CallKind kind) => kind switch
    {
        CallKind.Messages => "msg_",
        CallKind.Responses => "resp_",
        _ => "chatcmpl-",
    };

    private static List<Piece> Pieces(Call call, AnswerScript script, string name)
    {
        if (call.Route.Kind is CallKind.Embeddings or CallKind.EmbedContent or CallKind.BatchEmbedContents or CallKind.Predict)
        {
            return [];
        }

        var pieces = script.Reasoning is null ? [] : Words(PieceKind.Reasoning, script.Reasoning).ToList();
        var tools = ToolsToCall(call, script);
        if (tools.Count > 0)
        {
            pieces.AddRange(tools.SelectMany(ToolPieces));
        }
        else if (script.Refusal is not null)
        {
            pieces.AddRange(Words(PieceKind.Refusal, script.Refusal));
        }
        else
        {
            pieces.AddRange(Text(call, script, name));
        }

        return pieces;
    }

    private static IEnumerable<Piece> Text(Call call, AnswerScript script, string name)
    {
        if (script.Pieces is { } pieces)
        {
            return pieces.Select(static text => new Piece(PieceKind.Text, text));
        }

        if (script.Text is null && call.AnswerSchema is { } schema)
        {
            return Words(PieceKind.Text, SchemaExample.For(schema));
        }

        if (script.Text is null && call.AnswerObject)
        {
            return Words(PieceKind.Text, "{\"answer\": 42}");
        }

        var marked = WordsMarker().Match(call.Prompt) is { Success: true } match ? int.Parse(match.Groups["count"].Value, CultureInfo.InvariantCulture) : 0;
        return (script.Words > 0 ? script.Words : marked) is > 0 and var words
            ? Enumerable.Range(1, words).Select(static n => new Piece(PieceKind.Text, string.Create(CultureInfo.InvariantCulture, $"word{n} ")))
            : Words(PieceKind.Text, script.Text ?? $"Hello from {name}, naïve as it is.");
    }

    private static List<OfferedTool> ToolsToCall(Call call, AnswerScript script)
    {
        if (call.ToolsForbidden || call.Tools.Count == 0)
        {
            return [];
        }

        var offered = call.ForcedTool is null ? call.Tools : [.. call.Tools.Where(tool => string.Equals(tool.Name, call.ForcedTool, StringComparison.Ordinal))];
        var count = script.ToolCalls ?? (call.EndsWithToolResult && !call.ToolRequired ? 0 : 1);
        return [.. Enumerable.Range(0, offered.Count == 0 ? 0 : count).Select(n => offered[n % offered.Count])];
    }

    private static IEnumerable<Piece> ToolPieces(OfferedTool tool, int index)
    {
        var arguments = SchemaExample.For(tool.Schema);
        arguments = arguments is "null" ? "{}" : arguments;
        var half = arguments.Length / 2;
        yield return new Piece(PieceKind.ToolStart, tool.Name, index);
        yield return new Piece(PieceKind.ToolArguments, arguments[..half], index);
        yield return new Piece(PieceKind.ToolArguments, arguments[half..], index);
    }

    private static IEnumerable<Piece> Words(PieceKind kind, string text) =>
        WordPattern().Matches(text).Select(match => new Piece(kind, match.Value));

    private static List<Piece> Spread(List<Piece> pieces, int? tokens) => tokens is not { } total || pieces.Count == 0
        ? pieces
        : [.. pieces.Select((piece, n) => piece with
        {
            Tokens = (int)(((long)total * (n + 1) / pieces.Count) - ((long)total * n / pieces.Count)),
        })];

    private static List<Piece> Cap(List<Piece> pieces, long cap)
    {
        long sum = 0;
        return [.. pieces.TakeWhile(piece => (sum += piece.Tokens) <= cap)];
    }

    [GeneratedRegex(@"\bwords=(?<count>\d{1,6})\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WordsMarker();

    [GeneratedRegex(@"\S+\s*|\s+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex WordPattern();
}
