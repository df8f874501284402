using Infermux.Core.Configuration;
using Infermux.Grains.Contracts.Providers;
using Microsoft.Extensions.Logging;

namespace Infermux.Grains.Providers;

/// <summary>
/// Asks every owner once a second, which also keeps them active, and is told of transitions in between. No call awaits anything: owners are asked beside the
/// turn, one question to each at a time.
/// </summary>
[GrainType("infermux.provider-directory")]
internal sealed partial class ProviderDirectoryGrain(ICurrentConfiguration configuration, TimeProvider time, ILogger<ProviderDirectoryGrain> logger)
    : Grain, IProviderDirectoryGrain
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private ViewDirectory _directory = null!; // from OnActivateAsync on

    /// <inheritdoc />
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _directory = new ViewDirectory(time.GetUtcNow());
        this.RegisterGrainTimer(Look, new GrainTimerCreationOptions(TimeSpan.Zero, Interval) { KeepAlive = true });
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public ValueTask<ViewChanges> SinceAsync(ViewQuestion question) => new(_directory.Since(question, time.GetUtcNow()));

    /// <inheritdoc />
    public Task ToldAsync(ProviderView view)
    {
        _directory.Take(view);
        return Task.CompletedTask;
    }

    private Task Look(CancellationToken cancellationToken)
    {
        var names = configuration.Current.Options.Providers.Select(static provider => provider.Name).ToHashSet(StringComparer.Ordinal);
        _directory.Keep(names);
        foreach (var name in names)
        {
            if (_asked.Add(name))
            {
                _ = AskAsync(name);
            }
        }

        return Task.CompletedTask;
    }

    private async Task AskAsync(string provider)
    {
        try
        {
            _directory.Take(await GrainFactory.GetGrain<IProviderGrain>(provider).AttendAsync());
        }
        catch (Exception lost) when (lost is not OutOfMemoryException)
        {
            LogUnanswered(lost, provider); // it is asked again within a second
        }
        finally
        {
            _asked.Remove(provider);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The owner of provider {Provider} did not answer the directory; it is asked again each second")]
    private partial void LogUnanswered(Exception exception, string provider);
}
