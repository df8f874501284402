namespace Infermux.Hosting.Ending;

/// <summary>Whether the end of this process may no longer take its time: a second SIGTERM came, or it must not go on.</summary>
public sealed class ShutdownHaste : IDisposable
{
    /// <summary>What ending, settling and leaving the cluster may then take, each as it should.</summary>
    public static readonly TimeSpan Left = TimeSpan.FromSeconds(2.5);

    /// <summary>When the process ends whatever it still does. Orleans tries for a minute to say goodbye to a table that has forgotten it.</summary>
    public static readonly TimeSpan Last = TimeSpan.FromSeconds(4);

    private readonly CancellationTokenSource _hurried = new();

    /// <summary>Fires when nothing is waited for any more.</summary>
    public CancellationToken Hurried => _hurried.Token;

    /// <summary>From now on nothing is waited for.</summary>
    public void Hurry() => _hurried.Cancel();

    /// <inheritdoc/>
    public void Dispose() => _hurried.Dispose();
}
