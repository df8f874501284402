using Infermux.Core.Configuration;
using Infermux.Core.Limits;
using Microsoft.Extensions.Logging;

namespace Infermux.Grains.Providers;

internal sealed partial class ProviderGrain
{
    private bool ChecksHealth => _book.Provider is { HealthCheck: { Disabled: false, Method: not HealthCheckMethod.None } };

    // Not awaited by anyone: it comes back to this scheduler when the provider has answered.
    private async Task CheckHealthAsync(ProviderOptions provider)
    {
        _checking = true;
        var stopping = _stopping.Token;
        var result = new ProbeResult(Checked: false, Alive: true, "");
        try
        {
            result = await Task.Run(() => probe.CheckAsync(provider, stopping), stopping);
        }
        catch (Exception e) when (e is not OutOfMemoryException && !stopping.IsCancellationRequested)
        {
            LogCheckFailed(logger, e, Name); // our fault, not the provider's: it says nothing of its health
        }
        catch (OperationCanceledException)
        {
            // this activation ends
        }

        if (stopping.IsCancellationRequested)
        {
            return;
        }

        _checking = false;
        var wasFailing = _book.Health.Failing;
        if (_book.Provider == provider)
        {
            _book.Checked(result, Now);
            _nextCheck = Now + _book.Health.NextAfter(provider.HealthCheck);
        }

        if (_book.Health.Failing != wasFailing)
        {
            LogHealth(logger, wasFailing ? LogLevel.Information : LogLevel.Warning, Name, !_book.Health.Failing, result.Detail);
        }

        Changed();
    }
}
