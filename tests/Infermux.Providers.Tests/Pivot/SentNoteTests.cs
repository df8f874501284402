using System.Text;
using Infermux.Core.Configuration;
using Infermux.Providers.OpenAi;
using Xunit;

namespace Infermux.Providers.Tests.Pivot;

/// <summary>A request is read once to be sent; what is asked of it later is kept, for the attempt under way and no other.</summary>
public sealed class SentNoteTests
{
    private const string Body = """{"model":"m","max_tokens":9,"seed":1,"logit_bias":{"1":1},"messages":[{"role":"user","content":"x"}]}""";

    [Theory]
    [InlineData(ProviderType.Anthropic)]
    [InlineData(ProviderType.Gemini)]
    [InlineData(ProviderType.Bedrock)]
    public void DroppedFields_OfASentRequest_AreThoseOfItsWriting(ProviderType type)
    {
        var (dialect, request, target) = Of(type);

        using var message = dialect.CreateRequest(request, target);

        var note = request.NoteFor(target)!;
        Assert.Contains("logit_bias", note.Dropped);
        Assert.Same(note.Dropped, dialect.DroppedFields(request, target));
    }

    [Theory]
    [InlineData(ProviderType.Anthropic)]
    [InlineData(ProviderType.Gemini)]
    [InlineData(ProviderType.Bedrock)]
    public void Note_OfAnotherAttempt_IsNotTaken(ProviderType type)
    {
        var (dialect, request, target) = Of(type);
        using var message = dialect.CreateRequest(request, target);
        var next = target with { OutputCap = 5 };

        Assert.Null(request.NoteFor(next));
        Assert.Contains("logit_bias", dialect.DroppedFields(request, next));
        Assert.Same(next, request.Sent!.Target);
    }

    private static (IDialect Dialect, InferenceRequest Request, AttemptTarget Target) Of(ProviderType type)
    {
        var provider = new ProviderOptions { Name = "p", Type = type, AwsRegion = type == ProviderType.Bedrock ? "us-east-1" : null };
        var body = Encoding.UTF8.GetBytes(Body);
        return (
            Dialects.For(Operation.ChatCompletions, provider),
            new InferenceRequest(Operation.ChatCompletions, body, RequestScanner.Scan(Operation.ChatCompletions, body, 64)),
            new AttemptTarget { Provider = provider, Model = "m", Credential = "k" });
    }
}
