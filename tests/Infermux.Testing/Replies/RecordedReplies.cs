namespace Infermux.Testing;

/// <summary>The good answers among the recordings, with what each costs.</summary>
public static class RecordedReplies
{
    private static readonly (ReplyDialect Dialect, string File, int Exchange, decimal Micros)[] Known =
    [
        (ReplyDialect.Anthropic, "anthropic/messages-cache-usage.http.json", 0, (3 * 2) + (1111 * 0.5m) + (406 * 10)),
        (ReplyDialect.Anthropic, "anthropic/messages-cache-usage.http.json", 1, (3 * 2) + (1111 * 0.5m) + (418 * 2.5m) + (33 * 10)),
        (ReplyDialect.Anthropic, "anthropic/messages-parallel-tools.http.json", 0, (423 * 2) + (202 * 10)),
        (ReplyDialect.Anthropic, "anthropic/messages-parallel-tools.http.json", 1, (771 * 2) + (77 * 10)),
        (ReplyDialect.Anthropic, "anthropic/messages-stream-refusal.chunks.txt", 0, (18 * 2) + (5 * 10)),
        (ReplyDialect.Anthropic, "anthropic/messages-stream-thinking.http.json", 0, (46 * 2) + (133 * 10)),
        (ReplyDialect.Anthropic, "anthropic/messages-stream-tools.http.json", 0, (543 * 2) + (40 * 10)),
        (ReplyDialect.Chat, "azure/chat-404-deployment.http.json", 0, (11 * 2) + (203 * 10)), // the 404 follows it
        (ReplyDialect.Chat, "azure/chat-completion-filtered.http.json", 0, (15 * 2) + (19 * 10)),
        (ReplyDialect.Chat, "azure/chat-completion-filtered.http.json", 1, (16 * 2) + (24 * 10)),
        (ReplyDialect.Chat, "azure/chat-completion-filtered.http.json", 2, (16 * 2) + (19 * 10)),
        (ReplyDialect.Chat, "azure/chat-completion-filtered.http.json", 3, (16 * 2) + (21 * 10)),
        (ReplyDialect.Chat, "azure/chat-stream-prompt-filter.chunks.txt", 0, (15 * 2) + (78 * 10)),
        (ReplyDialect.Bedrock, "bedrock/converse-cache-usage.http.json", 0, (2 * 2) + (1322 * 2.5m) + (5 * 10)),
        (ReplyDialect.Bedrock, "bedrock/converse-cache-usage.http.json", 1, (2 * 2) + (1322 * 0.5m) + (5 * 10)),
        (ReplyDialect.Bedrock, "bedrock/converse-stream-tools.http.json", 0, (236 * 2) + (58 * 10)),
        (ReplyDialect.Chat, "deepseek/chat-stream.http.json", 0, (11 * 2) + (8 * 10)),
        (ReplyDialect.Gemini, "gemini/max-tokens-no-parts.http.json", 0, (15 * 2) + (2 * 10)),
        (ReplyDialect.Chat, "gemini/openai-compat-tool-call-empty-id.http.json", 0, (35 * 2) + ((109 - 35) * 10)), // thoughts are told in the total alone
        (ReplyDialect.Chat, "gemini/openai-compat-tool-call-empty-id.http.json", 1, (66 * 2) + ((100 - 66) * 10)),
        (ReplyDialect.Gemini, "gemini/stream-toolcall-signature.http.json", 0, (29 * 2) + ((10 + 202) * 10)),
        (ReplyDialect.Gemini, "gemini/stream-toolcall-signature.http.json", 1, (257 * 2) + (8 * 10)), // 55 until the last chunk: the last counts
        (ReplyDialect.Chat, "groq/chat-stream-error-midstream.http.json", 1, (304 * 2) + (49 * 10)),
        (ReplyDialect.Chat, "groq/chat-stream-error-midstream.http.json", 2, (339 * 2) + (58 * 10)),
        (ReplyDialect.Chat, "mistral/chat-stream.http.json", 0, (22 * 2) + (8 * 10)),
        (ReplyDialect.Chat, "openai-compatible/chat-reasoning-content-tools.http.json", 0, ((269 - 66) * 2) + (66 * 0.5m) + (137 * 10)),
        (ReplyDialect.Chat, "openai-compatible/chat-reasoning-content-tools.http.json", 1, ((312 - 268) * 2) + (268 * 0.5m) + (148 * 10)),
        (ReplyDialect.Chat, "openai/chat-stream-parallel-tools.http.json", 0, (75 * 2) + (51 * 10)),
        (ReplyDialect.Chat, "openai/chat-stream-usage.http.json", 0, (53 * 2) + (15 * 10)),
        (ReplyDialect.Chat, "openai/chat-stream-usage.http.json", 1, (78 * 2) + (9 * 10)),
        (ReplyDialect.Responses, "openai/responses-stream-tools.http.json", 0, (58 * 2) + (23 * 10)),
        (ReplyDialect.Responses, "openai/responses-stream-tools.http.json", 1, (94 * 2) + (18 * 10)),
        (ReplyDialect.Chat, "openrouter/chat-stream-comments.http.json", 0, (15 * 2) + (9 * 10)),
        (ReplyDialect.Chat, "openrouter/chat-stream-tool-call-no-id-no-finish.http.json", 0, (57 * 2) + (17 * 10)),
        (ReplyDialect.Chat, "openrouter/chat-stream-tool-call-no-id-no-finish.http.json", 1, (107 * 2) + (15 * 10)),
    ];

    /// <summary>Those that are here; none where the folder is not.</summary>
    public static IReadOnlyList<Reply> All { get; } = Recording.Root is null ? [] : [.. Known.Select(static known => Of(known.Dialect, known.File, known.Exchange, known.Micros))];

    /// <summary>The files that are not here.</summary>
    public static IReadOnlyList<string> Missing { get; } = Recording.Root is null ? [.. Known.Select(static known => known.File).Distinct(StringComparer.Ordinal)] : [];

    private static Reply Of(ReplyDialect dialect, string file, int exchange, decimal micros)
    {
        var body = file.EndsWith(".chunks.txt", StringComparison.Ordinal) ? Recording.ReadChunks(file)! : Recording.Read(file)[exchange].Body;
        return new Reply(dialect, $"{file}#{exchange}", file.Contains("stream", StringComparison.Ordinal), body, micros);
    }
}
