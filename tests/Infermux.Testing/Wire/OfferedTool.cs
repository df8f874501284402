using System.Text.Json;

namespace Infermux.Testing;

/// <summary>A tool the request offers.</summary>
internal sealed record OfferedTool(string Name, JsonElement Schema);
