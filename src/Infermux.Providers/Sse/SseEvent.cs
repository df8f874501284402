namespace Infermux.Providers.Sse;

/// <summary>One server-sent event. Its bytes are valid until the next call on the reader that gave it.</summary>
internal readonly ref struct SseEvent(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
{
    /// <summary>The value of <c>event:</c>; empty where there was none.</summary>
    public ReadOnlySpan<byte> Name { get; } = name;

    /// <summary>The values of <c>data:</c>, joined by line feeds, without leading blanks. Never empty.</summary>
    public ReadOnlySpan<byte> Data { get; } = data;
}
