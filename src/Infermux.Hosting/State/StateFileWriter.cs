using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Infermux.Hosting.State;

/// <summary>Writes the lines of a state file, and at its end what proves it whole.</summary>
internal sealed class StateFileWriter(Stream file) : IDisposable
{
    private static readonly byte[] LineFeed = "\n"u8.ToArray();
    private readonly IncrementalHash _sum = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _entries;

    public Task BeginAsync(StateHeader header, CancellationToken cancellationToken) => LineAsync(header, StateJson.Default.StateHeader, cancellationToken);

    public Task AddAsync(StateEntry entry, CancellationToken cancellationToken)
    {
        _entries++;
        return LineAsync(entry, StateJson.Default.StateEntry, cancellationToken);
    }

    public async Task EndAsync(CancellationToken cancellationToken)
    {
        var footer = new StateFooter(_entries, Convert.ToHexStringLower(_sum.GetCurrentHash()));
        await LineAsync(footer, StateJson.Default.StateFooter, cancellationToken);
        await file.FlushAsync(cancellationToken);
    }

    public void Dispose() => _sum.Dispose();

    private async Task LineAsync<T>(T line, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        byte[] bytes = [.. JsonSerializer.SerializeToUtf8Bytes(line, type), .. LineFeed];
        _sum.AppendData(bytes);
        await file.WriteAsync(bytes, cancellationToken);
    }
}
