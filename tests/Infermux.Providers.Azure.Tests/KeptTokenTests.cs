using Azure.Core;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Infermux.Providers.Azure.Tests;

public sealed class KeptTokenTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Identities_AreAskedForOnceEachAndKeepTheirOwnCredential()
    {
        var made = new List<EntraIdentity>();
        var counting = new Numbered(_time);
        var chain = new EntraCredentialChain(_time, identity =>
        {
            lock (made)
            {
                made.Add(identity);
            }

            return counting;
        });
        var (ours, theirs) = (new EntraIdentity("scope/.default"), new EntraIdentity("scope/.default", ClientId: "other"));
        for (var n = 0; n < 3; n++)
        {
            Assert.Equal("token-1", await chain.GetAsync(ours, Cancel));
            Assert.Equal("token-2", await chain.GetAsync(theirs, Cancel));
        }

        Assert.Equal([ours, theirs], made);
    }

    [Fact]
    public async Task Token_NearItsEnd_IsGivenWhileOneFetchGetsTheNext()
    {
        var counting = new Numbered(_time);
        var chain = new EntraCredentialChain(_time, _ => counting);
        var identity = new EntraIdentity("scope/.default");
        Assert.Equal("token-1", await chain.GetAsync(identity, Cancel));
        _time.Advance(TimeSpan.FromMinutes(54));
        Assert.Equal(("token-1", 1), (await chain.GetAsync(identity, Cancel), counting.Asked));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("token-1", await chain.GetAsync(identity, Cancel));
        while (await chain.GetAsync(identity, Cancel) is "token-1")
        {
            await Task.Yield();
        }

        Assert.Equal(("token-2", 2), (await chain.GetAsync(identity, Cancel), counting.Asked));
    }

    [Fact]
    public async Task Requests_OfTheFirstMoment_WaitForOneFetch()
    {
        var counting = new Numbered(_time);
        var chain = new EntraCredentialChain(_time, _ => counting);
        var all = Enumerable.Range(0, 50).Select(_ => chain.GetAsync(new EntraIdentity("scope/.default"), Cancel).AsTask());
        Assert.All(await Task.WhenAll(all), static token => Assert.Equal("token-1", token));
        Assert.Equal(1, counting.Asked);
    }

    private sealed class Numbered(TimeProvider time) : TokenCredential
    {
        private int _asked;

        public int Asked => Volatile.Read(ref _asked);

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new($"token-{Interlocked.Increment(ref _asked)}", time.GetUtcNow().AddHours(1));

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
