using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Infermux.Core.Configuration;
using Infermux.Providers.OpenAi;
using Infermux.Providers.Transport;
using Infermux.Testing;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Xunit;

namespace Infermux.Providers.Tests.Transport;

public sealed class UpstreamTransportTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30); // a bound on hanging, not a measure
    private readonly UpstreamTransport _transport = new(TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _transport.Dispose();

    [Fact]
    public async Task Redirect_ToAnotherHost_IsNotFollowed()
    {
        await using var metadata = await TestServer.StartAsync(_ => Task.CompletedTask);
        await using var server = await TestServer.StartAsync(c =>
        {
            c.Response.Redirect(metadata.Url);
            return Task.CompletedTask;
        });
        using var answer = await SendAsync(new ProviderOptions { Name = "p", BaseUrl = server.Url });
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal(0, metadata.Asked);
    }

    [Fact]
    public async Task Body_OfManyMegabytesWithReplacedValues_ArrivesWhole()
    {
        string? received = null;
        await using var server = await TestServer.StartAsync(async c =>
        {
            using var reader = new StreamReader(c.Request.Body);
            received = await reader.ReadToEndAsync(Token);
        });
        var text = new string('x', 10_000_000);
        using var answer = await SendAsync(new ProviderOptions { Name = "p", BaseUrl = server.Url }, $$"""{"model":"mine","stream":true,"messages":[{"role":"user","content":"{{text}}"}]}""");
        Assert.Equal($$"""{"stream_options":{"include_usage":true},"model":"theirs","stream":true,"messages":[{"role":"user","content":"{{text}}"}]}""", received);
    }

    [Fact]
    public async Task Connection_Refused_IsANetworkFault()
    {
        var provider = new ProviderOptions { Name = "p", BaseUrl = $"http://localhost:{FreePort()}/v1" };
        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(provider));
        Assert.Equal(HttpRequestError.ConnectionError, fault.HttpRequestError);
    }

    [Fact]
    public async Task Connection_WhoseTlsNeverAnswers_EndsAtConnectTimeoutAsANetworkFault()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var provider = new ProviderOptions { Name = "p", BaseUrl = $"https://localhost:{((IPEndPoint)silent.LocalEndpoint).Port}/v1", ConnectTimeout = TimeSpan.FromMilliseconds(100) };
        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(provider).WaitAsync(Soon, Token));
        Assert.Contains("within 0.1 s (connect_timeout)", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenConnection_WhosePacketsAreDropped_EndsAtConnectTimeoutAndAProviderThatThinksDoesNot()
    {
        Socket? accepted = null;
        await using var server = await TestServer.StartAsync(async c =>
        {
            accepted = c.Features.GetRequiredFeature<IConnectionSocketFeature>().Socket;
            await Task.Delay(TimeSpan.FromSeconds(1), c.RequestAborted); // thinks for twice connect_timeout; the clock that must not fire is the kernel's
        });
        var provider = new ProviderOptions { Name = "p", BaseUrl = server.Url, ConnectTimeout = TimeSpan.FromMilliseconds(500) };
        using (var thoughtful = await SendAsync(provider))
        {
            Assert.Equal(HttpStatusCode.OK, thoughtful.StatusCode);
        }

        DroppedPackets.On(accepted!);
        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(provider).WaitAsync(Soon, Token));
        Assert.True(DeadPath.Ended(fault), fault.ToString());
        Assert.Equal(1, server.Asked);
    }

    [Fact]
    public async Task Headers_Of200Kilobytes_AreANetworkFault()
    {
        await using var server = await TestServer.StartAsync(c =>
        {
            c.Response.Headers["X-Big"] = new string('x', 200_000);
            return Task.CompletedTask;
        });
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(new ProviderOptions { Name = "p", BaseUrl = server.Url }));
    }

    [Theory]
    [InlineData(false, true)]
    [InlineData(null, false)]
    [InlineData(true, false)]
    public async Task Loopback_IsRefusedOnlyWhereAllowPrivateIsFalse(bool? allowPrivate, bool refused)
    {
        await using var server = await TestServer.StartAsync(_ => Task.CompletedTask);
        var provider = new ProviderOptions { Name = "p", BaseUrl = server.Url, AllowPrivate = allowPrivate };
        if (!refused)
        {
            using var answer = await SendAsync(provider);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            return;
        }

        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(provider));
        Assert.Contains("allow_private: true", fault.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, server.Asked);
    }

    [Fact]
    public async Task Reload_OfAProvider_LetsAnOpenStreamRunOut()
    {
        var go = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(async c =>
        {
            await c.Response.WriteAsync("one", Token);
            await c.Response.Body.FlushAsync(Token);
            await go.Task.WaitAsync(Token);
            await c.Response.WriteAsync("two", Token);
        });
        var before = new ProviderOptions { Name = "p", BaseUrl = server.Url };
        using var open = await SendAsync(before);
        go.SetResult(); // the next requests do not wait
        using (await SendAsync(before with { ConnectTimeout = TimeSpan.FromSeconds(3) }))
        {
            _transport.KeepOnly(new HashSet<string>(StringComparer.Ordinal));
        }

        Assert.Equal("onetwo", await open.Content.ReadAsStringAsync(Token));
        using var after = await SendAsync(before);
        Assert.Equal("onetwo", await after.Content.ReadAsStringAsync(Token));
    }

    [Fact]
    public async Task Reloads_InTheMiddleOfManyRequests_FailNone()
    {
        await using var server = await TestServer.StartAsync(c => c.Response.WriteAsync("ok", Token));
        var provider = new ProviderOptions { Name = "p", BaseUrl = server.Url };
        await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Token }, async (i, _) =>
        {
            using var answer = await SendAsync(provider with { ConnectTimeout = TimeSpan.FromSeconds(10 + (i / 20)) });
            Assert.Equal("ok", await answer.Content.ReadAsStringAsync(Token));
        });
    }

    [Fact]
    public async Task Cancellation_WhileTheAnswerIsAwaited_ReachesTheProvider()
    {
        var arrived = new TaskCompletionSource();
        var gone = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(async c =>
        {
            c.RequestAborted.Register(gone.SetResult);
            arrived.SetResult();
            await gone.Task;
        });
        using var cancel = new CancellationTokenSource();
        var sending = SendAsync(new ProviderOptions { Name = "p", BaseUrl = server.Url }, cancellationToken: cancel.Token);
        await arrived.Task.WaitAsync(Soon, Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        await gone.Task.WaitAsync(Soon, Token);
    }

    [Fact]
    public async Task Body_OfACancelledRequest_IsQuietOnceItSaysSo()
    {
        var arrived = new TaskCompletionSource();
        await using var server = await TestServer.StartAsync(async c =>
        {
            arrived.SetResult();
            await Task.Delay(Timeout.Infinite, c.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default); // never reads the body
        });
        using var cancel = new CancellationTokenSource();
        using var request = Request(new ProviderOptions { Name = "p", BaseUrl = server.Url }, $$"""{"model":"m","messages":[{"content":"{{new string('x', 30_000_000)}}"}]}""");
        var content = (RequestBodyContent)request.Content!;
        var sending = _transport.SendAsync(new ProviderOptions { Name = "p", BaseUrl = server.Url }, request, cancel.Token).AsTask();
        await arrived.Task.WaitAsync(Soon, Token);
        Assert.False(content.WhenQuiet().IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        request.Dispose();
        await content.WhenQuiet().WaitAsync(Soon, Token);
        await Assert.ThrowsAnyAsync<ObjectDisposedException>(() => content.CopyToAsync(Stream.Null, Token));
    }

    [Fact]
    public async Task Certificate_NotTrusted_IsRefusedAndWithItsCaFileAccepted()
    {
        using var certificate = Certificate("localhost");
        await using var server = await TestServer.StartAsync(c => c.Response.WriteAsync("ok", Token), certificate);
        var provider = new ProviderOptions { Name = "p", BaseUrl = server.Url };
        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(provider));
        Assert.Equal(HttpRequestError.SecureConnectionError, fault.HttpRequestError);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), Token);
            using var answer = await SendAsync(provider with { CaFile = file });
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task Certificate_OfAnotherName_IsRefusedEvenWithItsCaFile()
    {
        using var certificate = Certificate("elsewhere.example");
        await using var server = await TestServer.StartAsync(c => c.Response.WriteAsync("ok", Token), certificate);
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, certificate.ExportCertificatePem(), Token);
            var fault = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(new ProviderOptions { Name = "p", BaseUrl = server.Url, CaFile = file }));
            Assert.Equal(HttpRequestError.SecureConnectionError, fault.HttpRequestError);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task CaFile_ThatIsMissing_IsToldWithItsMend()
    {
        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync(new ProviderOptions { Name = "p", BaseUrl = "https://localhost:1/v1", CaFile = "/nowhere.pem" }));
        Assert.Contains("ca_file of provider 'p'", fault.Message, StringComparison.Ordinal);
    }

    private Task<HttpResponseMessage> SendAsync(ProviderOptions provider, string json = """{"model":"theirs","messages":[]}""", CancellationToken? cancellationToken = null) =>
        _transport.SendAsync(provider, Request(provider, json), cancellationToken ?? Token).AsTask();

    private static HttpRequestMessage Request(ProviderOptions provider, string json)
    {
        var body = Encoding.UTF8.GetBytes(json);
        var request = new InferenceRequest(Operation.ChatCompletions, body, RequestScanner.Scan(Operation.ChatCompletions, body, 64));
        return Dialects.For(ProviderType.OpenAi).CreateRequest(request, new AttemptTarget { Provider = provider, Model = "theirs" });
    }

    private static X509Certificate2 Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
