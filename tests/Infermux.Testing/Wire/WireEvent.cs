namespace Infermux.Testing;

/// <summary>One SSE event of a stream.</summary>
/// <param name="Kind">Where it stands.</param>
/// <param name="Data">Its data line.</param>
/// <param name="Name">Its event line; null: none.</param>
/// <param name="Tokens">Completion tokens it carries.</param>
internal sealed record WireEvent(WireEventKind Kind, string Data, string? Name = null, int Tokens = 0);
