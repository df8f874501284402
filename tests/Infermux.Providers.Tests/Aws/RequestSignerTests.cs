using System.Security.Cryptography;
using System.Text;
using Infermux.Core.Configuration;
using Infermux.Providers.Aws;
using Infermux.Providers.Tests.Bedrock;
using Infermux.Providers.Tests.Transport;
using Infermux.Providers.Transport;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Infermux.Providers.Tests.Aws;

public sealed class RequestSignerTests
{
    private static readonly AwsCredentials Temporary = new("ASIAEXAMPLE", "secret", "session");
    private static readonly ProviderOptions Keys = new()
    {
        Name = "aws",
        Type = ProviderType.Bedrock,
        AwsRegion = "eu-west-1",
        AwsAccessKeyId = "AKIAEXAMPLE",
        AwsSecretAccessKey = "wJalr",
        AwsSessionToken = "token",
    };

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Signature_CoversTheExactBytesAndHeadersThatArrive()
    {
        await using var server = await TestServer.StartAsync(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, Cancel);
            await context.Response.WriteAsync(Recompute(context, body.ToArray()) == context.Request.Headers.Authorization.ToString() ? "same" : "another", Cancel);
        });
        var provider = Keys with { BaseUrl = $"http://127.0.0.1:{server.Port}" };
        using var transport = new UpstreamTransport(_time);
        using var request = Request(provider, "\"messages\":[{\"role\":\"user\",\"content\":\"naïve 🙂\"}]");
        using var answer = await transport.SendAsync(provider, request, Cancel);
        Assert.Equal("same", await answer.Content.ReadAsStringAsync(Cancel));
        Assert.StartsWith(
            "AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20261129/eu-west-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, Signature=",
            Assert.Single(request.Headers.GetValues("Authorization")), StringComparison.Ordinal);
    }

    [Fact]
    public void Request_WithAnApiKeyOrTheOperatorsOwnAuthorization_IsNotSigned()
    {
        using var bearer = Converse.Dialect.CreateRequest(Converse.Inbound(Converse.Hi), Converse.Target());
        Assert.False(RequestSigner.IsNeeded(Keys, bearer));
        var own = Keys with { Headers = new Dictionary<string, string>(StringComparer.Ordinal) { ["Authorization"] = "Custom x" } };
        using var custom = Request(own, Converse.Hi);
        Assert.False(RequestSigner.IsNeeded(own, custom));
        using var open = Request(Keys, Converse.Hi);
        Assert.True(RequestSigner.IsNeeded(Keys, open));
        Assert.False(RequestSigner.IsNeeded(Keys with { Type = ProviderType.OpenAi }, open));
    }

    [Fact]
    public async Task Request_WithoutKeys_IsSignedWithWhatTheChainFinds()
    {
        var chain = new Chain(Temporary);
        var signer = new RequestSigner(chain, _time);
        var provider = Keys with { AwsAccessKeyId = null, AwsSecretAccessKey = null, AwsProfile = "dev" };
        using var request = Request(provider, Converse.Hi);
        await signer.SignAsync(provider, request, Cancel);
        Assert.Equal(["dev"], chain.Asked);
        Assert.Equal(("session", "20261129T120000Z"), (Assert.Single(request.Headers.GetValues("x-amz-security-token")), Assert.Single(request.Headers.GetValues("x-amz-date"))));
    }

    [Theory]
    [InlineData(null, "aws_region")]
    [InlineData("us-east-1", "built without the AWS credential chain")]
    public async Task Request_ThatCannotBeSigned_IsNeverSent(string? region, string expected)
    {
        await using var server = await TestServer.StartAsync(static context => context.Response.WriteAsync("no", Cancel));
        var provider = new ProviderOptions { Name = "aws", Type = ProviderType.Bedrock, AwsRegion = region, BaseUrl = $"http://127.0.0.1:{server.Port}", Models = ["m"] };
        using var transport = new UpstreamTransport(_time);
        using var request = Request(provider, Converse.Hi);
        var none = await Assert.ThrowsAsync<CredentialUnavailableException>(async () => await transport.SendAsync(provider, request, Cancel));
        Assert.Contains(expected, none.Message, StringComparison.Ordinal);
        Assert.Equal(0, server.Asked);
        var check = await HealthCheck.RunAsync(provider with { HealthCheck = new() { Method = HealthCheckMethod.Chat } }, transport, Cancel);
        Assert.Equal((true, false, none.Message), (check.Checked, check.Alive, check.Detail));
    }

    [Fact]
    public void Retried_RequestIsSignedForItsNewMoment()
    {
        using var request = Request(Keys, Converse.Hi);
        RequestSigner.Sign(request, Temporary, "us-east-1", _time.GetUtcNow());
        RequestSigner.Sign(request, Temporary with { SessionToken = null }, "us-east-1", _time.GetUtcNow().AddMinutes(1));
        Assert.Equal("20261129T120100Z", Assert.Single(request.Headers.GetValues("x-amz-date")));
        Assert.False(request.Headers.Contains("x-amz-security-token"));
        Assert.Single(request.Headers.GetValues("Authorization"));
    }

    private static HttpRequestMessage Request(ProviderOptions provider, string members) => Converse.Dialect.CreateRequest(
        Converse.Inbound(members), Converse.Target() with { Provider = provider, Credential = null });

    // As the server does it: from what arrived, and nothing else. Written with HMACs of its own.
    private static string Recompute(HttpContext context, byte[] body)
    {
        var headers = context.Request.Headers;
        var path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Replace("%", "%25", StringComparison.Ordinal);
        var names = "content-type;host;x-amz-date;x-amz-security-token";
        var lines = string.Concat(names.Split(';').Select(name => $"{name}:{headers[name]}\n"));
        var canonical = $"POST\n{path}\n\n{lines}\n{names}\n{Convert.ToHexStringLower(SHA256.HashData(body))}";
        var toSign = $"AWS4-HMAC-SHA256\n{headers["x-amz-date"]}\n20261129/eu-west-1/bedrock/aws4_request\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = new[] { "20261129", "eu-west-1", "bedrock", "aws4_request", toSign }.Aggregate("AWS4wJalr"u8.ToArray(), static (key, text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)));
        return $"AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/20261129/eu-west-1/bedrock/aws4_request, SignedHeaders={names}, Signature={Convert.ToHexStringLower(key)}";
    }

    private sealed class Chain(AwsCredentials credentials) : IAwsCredentialSource
    {
        public List<string?> Asked { get; } = [];

        public ValueTask<AwsCredentials> GetAsync(string? profile, CancellationToken cancellationToken)
        {
            Asked.Add(profile);
            return new(credentials);
        }
    }
}
