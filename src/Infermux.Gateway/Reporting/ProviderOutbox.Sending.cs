using Infermux.Core.Circuits;
using Infermux.Grains.Contracts.Providers;

namespace Infermux.Gateway.Reporting;

internal sealed partial class ProviderOutbox
{
    private void Ring()
    {
        lock (_gate)
        {
            if (_due != DateTimeOffset.MaxValue) // else an urgent report has taken everything along
            {
                SendNow();
            }
        }
    }

    // Under the lock.
    private void SendInCompany()
    {
        if (!_busy)
        {
            var now = _time.GetUtcNow();
            SendBy((_waitsSince ??= now) + ReportPace.Wait(_outcomes, _limited, _processes), now);
        }
    }

    // Under the lock, while nothing is under way.
    private void SendBy(DateTimeOffset due, DateTimeOffset now)
    {
        if (due <= now)
        {
            SendNow();
        }
        else if (due < _due)
        {
            _due = due;
            _timer.Change(due - now, Timeout.InfiniteTimeSpan);
        }
    }

    // Under the lock. At most one send is under way; it looks for what came meanwhile before it ends.
    private void SendNow()
    {
        if (_busy)
        {
            _urgent = true;
        }
        else
        {
            _busy = true;
            _due = DateTimeOffset.MaxValue;
            _sending = Task.Run(SendAsync);
        }
    }

    private async Task SendAsync()
    {
        do
        {
            var report = NextReport();
            while (!await ArrivesAsync(report))
            {
                await Task.Delay(RetryDelay, _time);
            }
        }
        while (MoreToSend());
    }

    private async Task<bool> ArrivesAsync(OutcomeReport report)
    {
        try
        {
            var known = _receiver.Known(_provider).Incarnation;
            var addressed = report.Incarnation == known ? report : report with { Incarnation = known };
            var receipt = await _receiver.ReportAsync(_provider, addressed).WaitAsync(AnswerLimit, _time);
            Met(receipt.Incarnation, toldLastMinute: report.LastMinute.Count > 0);
            if (_failing)
            {
                LogReachedAgain(_logger, _provider);
            }

            return !(_failing = false);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            if (!_failing)
            {
                LogNotReached(_logger, e, _provider);
            }

            _failing = true;
            Trim();
            return false;
        }
    }

    /// <summary>An owner that was not told of the last minute is told at once.</summary>
    private void Met(long owner, bool toldLastMinute)
    {
        lock (_gate)
        {
            var isNew = owner != _owner && _limited;
            _owner = owner;
            _tellMinute = isNew && !toldLastMinute;
            _urgent |= _tellMinute;
        }
    }

    private OutcomeReport NextReport()
    {
        var known = _receiver.Known(_provider);
        lock (_gate)
        {
            _highestGeneration = Math.Max(_highestGeneration, known.Generation);
            _processes = known.Processes;
            _unacknowledged = new OutcomeReport
            {
                Gateway = _gateway,
                Number = ++_number,
                InFlight = _inFlight,
                Runs = _runs.Take(),
                Dispatched = _dispatched,
                Tokens = _tokens,
                Rests = _rests,
                HighestGeneration = _highestGeneration,
                Incarnation = known.Incarnation,
                LastMinute = _tellMinute ? _minute.Tell(_time.GetUtcNow()) : [],
            };
            (_tokens, _rests, _dispatched, _outcomes, _reportedInFlight, _urgent) = ([], [], 0, 0, _inFlight, false);
            return _unacknowledged;
        }
    }

    private bool MoreToSend()
    {
        lock (_gate)
        {
            _unacknowledged = null;
            if (_urgent)
            {
                return true;
            }

            (_busy, _waitsSince) = (false, null);
            if (HasNews)
            {
                SendInCompany();
            }
            else if (_inFlight > 0 || IsHeir)
            {
                var now = _time.GetUtcNow();
                SendBy(now + Heartbeat, now);
            }

            return false;
        }
    }

    // An owner that stays away must not fill the memory. The oldest go first: their window passes anyway.
    private void Trim()
    {
        int dropped;
        lock (_gate)
        {
            dropped = _runs.Trim(MostRuns);
            if (_tokens.Count > MostCorrections)
            {
                dropped += _tokens.Count - MostCorrections;
                _tokens.RemoveRange(0, _tokens.Count - MostCorrections);
            }

            if (_rests.Count > MostRuns)
            {
                dropped += _rests.Count - MostRuns;
                _rests.RemoveRange(0, _rests.Count - MostRuns);
            }
        }

        if (dropped > 0)
        {
            LogDropped(_logger, _provider, dropped);
        }
    }
}
