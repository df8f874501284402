using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Infermux.Core.Configuration;
using Infermux.Providers.Credentials;

namespace Infermux.Providers.Transport;

/// <summary>
/// The connection pools, one for each provider. A reload that changes where or how a provider is reached replaces its pool; requests on the old one run
/// out. Thread-safe.
/// </summary>
/// <param name="time">The clock of signatures and of the echo provider.</param>
/// <param name="sources">Credentials for providers that have none in the file; null: there are no such sources.</param>
public sealed class UpstreamTransport(TimeProvider time, CredentialSources? sources = null) : IUpstreamTransport, IDisposable
{
    private readonly RequestCredentials _credentials = new(sources ?? new CredentialSources(), time);
    private readonly ConcurrentDictionary<string, ProviderPool> _pools = new(StringComparer.Ordinal);
    private readonly Lock _replacing = new();

    /// <inheritdoc />
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<HttpResponseMessage> SendAsync(ProviderOptions provider, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var pool = Lease(provider);
        try
        {
            if (RequestCredentials.IsNeeded(provider, request))
            {
                await _credentials.AddAsync(provider, request, cancellationToken);
            }

            return await pool.SendAsync(request, cancellationToken);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw pool.NotConnected(request, e);
        }
        finally
        {
            pool.Release(); // what is still being read keeps its connection, not the pool
        }
    }

    /// <summary>Lets go of the pools of providers that are no longer configured; their requests run out.</summary>
    public void KeepOnly(IReadOnlySet<string> names)
    {
        foreach (var name in _pools.Keys)
        {
            if (!names.Contains(name) && _pools.TryRemove(name, out var gone))
            {
                gone.Dispose();
            }
        }
    }

    /// <inheritdoc />
    public void Dispose() => KeepOnly(new HashSet<string>(StringComparer.Ordinal));

    private ProviderPool Lease(ProviderOptions provider)
    {
        while (true)
        {
            var pool = _pools.TryGetValue(provider.Name, out var known) && known.Reaches(provider) ? known : Replace(provider);
            if (pool.TryLease())
            {
                return pool;
            }

            _pools.TryRemove(new KeyValuePair<string, ProviderPool>(provider.Name, pool)); // retired between the two lines above
        }
    }

    private ProviderPool Replace(ProviderOptions provider)
    {
        lock (_replacing)
        {
            if (_pools.TryGetValue(provider.Name, out var old) && old.Reaches(provider))
            {
                return old;
            }

            var pool = _pools[provider.Name] = new ProviderPool(provider, time);
            old?.Dispose();
            return pool;
        }
    }
}
