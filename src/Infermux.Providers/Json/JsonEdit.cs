namespace Infermux.Providers.Json;

/// <summary>Bytes of a JSON text to be replaced: <paramref name="Length"/> 0 inserts, an empty <paramref name="Text"/> removes.</summary>
internal readonly record struct JsonEdit(int Start, int Length, ReadOnlyMemory<byte> Text);
