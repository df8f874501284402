using System.Text.Json;
using Infermux.Gateway.Inference.Inbound;
using Infermux.Gateway.Inference.Outbound;
using Infermux.Gateway.Inference.Selecting;
using Infermux.Gateway.Requests;
using Infermux.Providers.Anthropic;

namespace Infermux.Gateway.Inference.Attempts;

/// <summary>Answers a count of tokens where the chosen provider cannot: an estimate that rounds up, and says so in a header.</summary>
internal sealed class TokenEstimate(PromptCounter counter)
{
    private const string Estimated = "X-Infermux-Estimated";

    public async Task<AttemptResult> AnswerAsync(Exchange exchange, AttemptRecord record)
    {
        var prompt = PromptText.Of(exchange.Request.Body);
        var tokens = await counter.CountAsync(prompt.Text, record.Selection.TargetModel) + prompt.MediaTokens;
        exchange.Record.Answer = record;
        using var output = new PooledBuffer(64);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteNumber("input_tokens"u8, tokens);
            json.WriteEndObject();
        }

        var response = exchange.Http.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/json";
        response.ContentLength = output.Length;
        AnswerHeaders.Decision(response.Headers, record);
        response.Headers[Estimated] = "true";
        try
        {
            await response.Body.WriteAsync(output.Written, exchange.CallerGone);
            return AttemptResult.Answered.Instance;
        }
        catch (Exception broken) when (CallerWrites.Broke(broken))
        {
            exchange.Http.Abort();
            return new AttemptResult.CallerLeft();
        }
    }
}
