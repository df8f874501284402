namespace Infermux.Providers.Bedrock;

/// <summary>The <c>id</c> of an answer: Converse gives none in its body, so it is made of our own id of the request.</summary>
internal static class ChatId
{
    /// <summary>Such as <c>chatcmpl-7f3a…</c>.</summary>
    public static string Of(AttemptTarget target) => "chatcmpl-" + (target.RequestId ?? "bedrock");
}
