using Infermux.Providers.Credentials;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Infermux.Providers.Tests.Credentials;

public sealed class RefreshedCredentialTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));
    private readonly List<TaskCompletionSource<FetchedCredential<string>>> _asked = [];
    private readonly RefreshedCredential<string> _credential;

    public RefreshedCredentialTests() => _credential = new(
        _ =>
        {
            var answer = new TaskCompletionSource<FetchedCredential<string>>(TaskCreationOptions.RunContinuationsAsynchronously);
            lock (_asked)
            {
                _asked.Add(answer);
            }

            _fetches.Release();
            return answer.Task;
        },
        _time);

    private readonly SemaphoreSlim _fetches = new(0);

    public void Dispose() => _fetches.Dispose();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_BeforeTheFirstCredential_WaitForOneFetch()
    {
        var (one, two) = (_credential.GetAsync(Cancel).AsTask(), _credential.GetAsync(Cancel).AsTask());
        await GiveAsync(0, "a", TimeSpan.FromHours(1));
        Assert.Equal(("a", "a", 1), (await one, await two, _asked.Count));
        Assert.Equal("a", AtOnce());
    }

    [Fact]
    public async Task Credential_NearItsEnd_IsGivenAtOnceAndFetchedMeanwhile()
    {
        await FirstAsync("a", TimeSpan.FromHours(1));
        _time.Advance(TimeSpan.FromMinutes(54));
        Assert.Equal(("a", 1), (AtOnce(), _asked.Count));
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("a", AtOnce());
        Assert.Equal("a", AtOnce());
        await GiveAsync(1, "b", TimeSpan.FromHours(1));
        await _credential.LastFetch;
        Assert.Equal(("b", 2), (AtOnce(), _asked.Count));
    }

    [Fact]
    public async Task Credential_ThatEnded_IsNotGivenAnyMore()
    {
        await FirstAsync("a", TimeSpan.FromMinutes(10));
        _time.Advance(TimeSpan.FromMinutes(10));
        var waiting = _credential.GetAsync(Cancel).AsTask();
        Assert.False(waiting.IsCompleted);
        await GiveAsync(1, "b", TimeSpan.FromMinutes(10));
        Assert.Equal("b", await waiting);
    }

    [Fact]
    public async Task Issuer_ThatSaysNo_IsLeftAloneForAWhileAndAskedAgain()
    {
        var waiting = _credential.GetAsync(Cancel).AsTask();
        await _fetches.WaitAsync(Cancel);
        _asked[0].SetException(new CredentialUnavailableException("nothing found"));
        Assert.Equal("nothing found", (await Assert.ThrowsAsync<CredentialUnavailableException>(() => waiting)).Message);
        Assert.Throws<CredentialUnavailableException>(AtOnce);
        Assert.Single(_asked);
        _time.Advance(CredentialTimes.Pause);
        var again = _credential.GetAsync(Cancel).AsTask();
        await GiveAsync(1, "a", TimeSpan.FromHours(1));
        Assert.Equal("a", await again);
    }

    [Fact]
    public async Task Refresh_ThatFails_KeepsWhatHasNotEnded()
    {
        await FirstAsync("a", TimeSpan.FromMinutes(10));
        _time.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("a", AtOnce());
        await _fetches.WaitAsync(Cancel);
        _asked[1].SetException(new InvalidOperationException("down"));
        await _credential.LastFetch;
        Assert.Equal("a", AtOnce());
        _time.Advance(CredentialTimes.Pause);
        Assert.Equal("a", AtOnce());
        await _fetches.WaitAsync(Cancel);
        Assert.Equal(3, _asked.Count);
    }

    [Fact]
    public async Task Issuer_ThatDoesNotAnswer_IsGivenUp()
    {
        var waiting = _credential.GetAsync(Cancel).AsTask();
        await _fetches.WaitAsync(Cancel);
        while (!waiting.IsCompleted) // its limit is set a moment after it asked
        {
            _time.Advance(CredentialTimes.Patience);
            await Task.Yield();
        }

        Assert.Contains("within 30 s", (await Assert.ThrowsAsync<CredentialUnavailableException>(() => waiting)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ThatEnds_LeavesTheFetchToOthers()
    {
        using var leaving = new CancellationTokenSource();
        var gone = _credential.GetAsync(leaving.Token).AsTask();
        var stays = _credential.GetAsync(Cancel).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);
        await GiveAsync(0, "a", TimeSpan.FromHours(1));
        Assert.Equal("a", await stays);
    }

    [Fact]
    public async Task Credential_WhoseEndNobodyTold_IsAskedForAgainLater()
    {
        var waiting = _credential.GetAsync(Cancel).AsTask();
        await _fetches.WaitAsync(Cancel);
        _asked[0].SetResult(new FetchedCredential<string>("a", null));
        Assert.Equal("a", await waiting);
        _time.Advance(CredentialTimes.Unsaid);
        Assert.Equal("a", AtOnce());
        await _fetches.WaitAsync(Cancel);
        Assert.Equal(2, _asked.Count);
    }

    private async Task FirstAsync(string value, TimeSpan life)
    {
        var waiting = _credential.GetAsync(Cancel).AsTask();
        await GiveAsync(0, value, life);
        Assert.Equal(value, await waiting);
    }

    private async Task GiveAsync(int fetch, string value, TimeSpan life)
    {
        await _fetches.WaitAsync(Cancel);
        _asked[fetch].SetResult(new FetchedCredential<string>(value, _time.GetUtcNow() + life));
    }

    private string AtOnce()
    {
        var now = _credential.GetAsync(Cancel).AsTask();
        Assert.True(now.IsCompleted, "It had to be waited for.");
        return now.GetAwaiter().GetResult();
    }
}
