using Infermux.Grains.Contracts.Providers;

namespace Infermux.Grains.Routing;

/// <summary>
/// Lets one selection of this process at a time ask the owner of a provider for its single place (the probe's, or the exploratory request's). Once one was
/// granted or refused the place is gone until a newer view says otherwise, so that a burst costs the owner one question and not one each; after a second
/// the owner is asked again even so, since a refusal need not change its view.
/// </summary>
internal sealed class AdmissionGate(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private bool _asking;
    private (long Incarnation, long Sequence)? _answeredFor;
    private long _answeredAt;

    /// <summary>Whether to ask; then <see cref="Leave"/> must follow.</summary>
    public bool TryEnter(ProviderView? view)
    {
        lock (_lock)
        {
            if (_asking || (_answeredFor == Version(view) && time.GetElapsedTime(_answeredAt) < Longest))
            {
                return false;
            }

            return _asking = true;
        }
    }

    /// <summary>Ends the question; <paramref name="answered"/> tells whether the owner gave an answer to it.</summary>
    public void Leave(ProviderView? view, bool answered)
    {
        lock (_lock)
        {
            _asking = false;
            if (answered)
            {
                (_answeredFor, _answeredAt) = (Version(view), time.GetTimestamp());
            }
        }
    }

    private static (long Incarnation, long Sequence) Version(ProviderView? view) => view is null ? (-1, -1) : (view.Incarnation, view.Sequence);
}
