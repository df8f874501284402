namespace Infermux.Testing;

/// <summary>One request in progress. Written under its book's lock.</summary>
internal sealed class RequestEntry(RequestRecord record)
{
    public RequestRecord Record { get; set; } = record;
}
