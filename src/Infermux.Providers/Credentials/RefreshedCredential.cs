namespace Infermux.Providers.Credentials;

/// <summary>
/// One credential that ends and is fetched anew: given from memory at once, fetched in the background from <see cref="CredentialTimes.Ahead"/> before its
/// end, so that no request waits for an issuer but the first. One fetch runs at a time, whoever asks. Thread-safe.
/// </summary>
/// <param name="fetch">Asks the issuer. May throw anything; a <see cref="CredentialUnavailableException"/> speaks for itself.</param>
/// <param name="time">The clock.</param>
/// <typeparam name="T">What the credential is.</typeparam>
public sealed class RefreshedCredential<T>(Func<CancellationToken, Task<FetchedCredential<T>>> fetch, TimeProvider time)
{
    private readonly Lock _gate = new();
    private FetchedCredential<T>? _held;
    private Task<T>? _fetching;
    private DateTimeOffset _askAgain;
    private CredentialUnavailableException? _refused;

    /// <summary>Ends, never with an error, when the latest fetch has ended and what it gave is in force.</summary>
    internal Task LastFetch { get; private set; } = Task.CompletedTask;

    /// <summary>The credential: at once where one is in memory that has not ended.</summary>
    /// <param name="cancellationToken">Ends this wait; the fetch goes on for others.</param>
    /// <exception cref="CredentialUnavailableException">
    /// There is none; said at once for <see cref="CredentialTimes.Pause"/> after the issuer said so.
    /// </exception>
    public ValueTask<T> GetAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            var usable = _held is { } held && now < held.Ends ? held : null;
            if (usable is not null && now < usable.Ends - CredentialTimes.Ahead)
            {
                return new(usable.Value);
            }

            if (_fetching is null && now >= _askAgain)
            {
                Start();
            }

            return usable is not null ? new(usable.Value)
                : _fetching is { } running ? new(running.WaitAsync(cancellationToken))
                : throw new CredentialUnavailableException(_refused?.Message ?? "The issuer gave a credential that has ended.", _refused);
        }
    }

    private void Start()
    {
        var fetching = _fetching = Task.Run(FetchAsync);

        // Those who need it wait for it; where nobody does, its failure is kept and must not count as unobserved.
        LastFetch = fetching.ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task<T> FetchAsync()
    {
        try
        {
            using var patience = new CancellationTokenSource(CredentialTimes.Patience, time);
            var fetched = await fetch(patience.Token).WaitAsync(patience.Token);
            Ended(fetched with { Ends = fetched.Ends ?? time.GetUtcNow() + CredentialTimes.Unsaid + CredentialTimes.Ahead }, null);
            return fetched.Value;
        }
        catch (Exception failed)
        {
            var refused = failed as CredentialUnavailableException ?? new CredentialUnavailableException(
                failed is OperationCanceledException
                    ? $"No credential came within {CredentialTimes.Patience.TotalSeconds:0} s."
                    : $"No credential: {Failures.SecretMask.Apply(failed.Message)}",
                failed);
            Ended(null, refused);
            throw refused;
        }
    }

    private void Ended(FetchedCredential<T>? fetched, CredentialUnavailableException? refused)
    {
        lock (_gate)
        {
            (_held, _refused, _fetching) = (fetched ?? _held, refused, null);
            _askAgain = time.GetUtcNow() + CredentialTimes.Pause;
        }
    }
}
