namespace Infermux.Testing;

/// <summary>The request is not one this dialect's server would accept.</summary>
internal sealed class BadCallException(int status, string message, string? param = null, string? code = null) : Exception(message)
{
    public int Status { get; } = status;

    public string? Param { get; } = param;

    public string? Code { get; } = code;
}
