namespace Infermux.Providers;

/// <summary>The request cannot be accepted, or cannot be said in the target's dialect: a 400 that names the field and the mend.</summary>
public sealed class RequestRefusedException(string message, string? param = null, string code = "invalid_request") : Exception(message)
{
    /// <summary>The field at fault, as OpenAI's <c>error.param</c>.</summary>
    public string? Param { get; } = param;

    /// <summary><c>error.code</c>.</summary>
    public string Code { get; } = code;
}
