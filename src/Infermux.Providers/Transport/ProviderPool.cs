using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Infermux.Core.Configuration;
using Infermux.Providers.Echo;

namespace Infermux.Providers.Transport;

/// <summary>The connections to one provider, made for what its options said at the time.</summary>
internal sealed class ProviderPool : IDisposable
{
    /// <summary>Long enough to reuse, short enough to follow a change of address.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>An answer left before its end is read on this long for the sake of its connection; more would let a vendor go on generating.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromMilliseconds(50);

    private const int DrainBytes = 16 << 10;
    private const int MaxHeaderKib = 64;

    private readonly ProviderOptions _madeFor;
    private readonly HttpMessageInvoker _invoker;
    private ProviderOptions _lastAsked;
    private int _holders = 1; // the transport itself; at 0 the pool is closed for good

    public ProviderPool(ProviderOptions provider, TimeProvider time)
    {
        _madeFor = _lastAsked = provider;
        _invoker = new HttpMessageInvoker(provider.Type == ProviderType.Echo ? new EchoHandler(time) : Handler(provider));
    }

    /// <summary>Whether this pool leads where these options say.</summary>
    public bool Reaches(ProviderOptions provider)
    {
        if (ReferenceEquals(provider, _lastAsked))
        {
            return true;
        }

        var same = provider.Type == _madeFor.Type && Same(provider.BaseUrl, _madeFor.BaseUrl) && provider.ConnectTimeout == _madeFor.ConnectTimeout
            && Same(provider.CaFile, _madeFor.CaFile) && provider.AllowPrivate == _madeFor.AllowPrivate;
        if (same)
        {
            _lastAsked = provider;
        }

        return same;
    }

    /// <summary>Takes part in the pool's life; false once it is closed.</summary>
    public bool TryLease()
    {
        for (var seen = Volatile.Read(ref _holders); seen > 0; seen = Volatile.Read(ref _holders))
        {
            if (Interlocked.CompareExchange(ref _holders, seen + 1, seen) == seen)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Ends a lease.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            _invoker.Dispose(); // closes idle connections; those in use close when their answer ends
        }
    }

    /// <summary>The transport lets go, once: closed when the last lease ends.</summary>
    public void Dispose() => Release();

    /// <summary>Sends.</summary>
    /// <exception cref="OperationCanceledException">Also when a connection did not come about in time; see <see cref="NotConnected"/>.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        _invoker.SendAsync(request, cancellationToken);

    /// <summary>A connection that did not come about in time, as the network fault that it is.</summary>
    public HttpRequestException NotConnected(HttpRequestMessage request, OperationCanceledException cause) => new(
        HttpRequestError.ConnectionError,
        $"No connection to '{request.RequestUri!.Authority}' within {_madeFor.ConnectTimeout.TotalSeconds:0.###} s (connect_timeout).",
        cause);

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.Ordinal);

    private static SocketsHttpHandler Handler(ProviderOptions provider) => new()
    {
        AllowAutoRedirect = false, // a redirect would carry the credential to an address nobody configured
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        Proxy = UpstreamProxy.Instance,
        ConnectTimeout = provider.ConnectTimeout,
        PooledConnectionLifetime = ConnectionLifetime,
        MaxResponseHeadersLength = MaxHeaderKib,
        MaxResponseDrainSize = DrainBytes,
        ResponseDrainTimeout = DrainTime,
        ConnectCallback = new AddressPolicy(provider).ConnectAsync,
        SslOptions = Trust(provider),
    };

    private static SslClientAuthenticationOptions Trust(ProviderOptions provider)
    {
        if (provider.CaFile is null)
        {
            return new SslClientAuthenticationOptions();
        }

        try
        {
            var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            policy.CustomTrustStore.ImportFromPemFile(provider.CaFile);
            return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new HttpRequestException(
                HttpRequestError.SecureConnectionError, $"The ca_file of provider '{provider.Name}' cannot be read. Name a readable file of PEM certificates.", e);
        }
    }
}
