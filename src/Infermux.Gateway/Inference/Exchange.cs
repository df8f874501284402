using Infermux.Core.Configuration;
using Infermux.Gateway.Inference.Attempts;
using Infermux.Gateway.Inference.Inbound;
using Infermux.Gateway.Inference.Outbound;
using Infermux.Gateway.Money;
using Infermux.Gateway.Requests;
using Infermux.Grains.Contracts.Budgets;
using Infermux.Grains.Contracts.Routing;
using Infermux.Providers;

namespace Infermux.Gateway.Inference;

/// <summary>One request while it is served: what came in, the configuration it started with, and what its attempts have cost so far.</summary>
internal sealed class Exchange(HttpContext http, ConfigurationSnapshot configuration, RequestRecord record, CallerIdentity caller, InferenceRequest request)
    : HeldOperation
{
    private readonly List<SettledLine> _lines = new(1);
    private List<int>? _unbilled; // most requests have none
    private volatile RunningCost? _running;

    public HttpContext Http { get; } = http;

    public ConfigurationSnapshot Configuration { get; } = configuration;

    public RequestRecord Record { get; } = record;

    public CallerIdentity Caller { get; } = caller;

    public InferenceRequest Request { get; } = request;

    /// <summary>Whether it costs nothing, whoever answers: no money is booked, and how long it took or whether it failed says nothing about answers.</summary>
    public bool IsFree => Request.Operation == Providers.Operation.CountTokens;

    /// <summary>Fires when the caller hangs up.</summary>
    public CancellationToken CallerGone => Http.RequestAborted;

    /// <summary>The account that holds money for this operation; null while none does.</summary>
    public string? Account { get; private set; }

    /// <summary>The account that may hold money although none was granted here: an answer was lost, or what was granted came to nothing.</summary>
    public string? MayBeHeldBy { get; private set; }

    /// <summary>The account that pays for an attempt without having been asked, from this gateway's own cap; null where none does.</summary>
    public string? CappedBy { get; set; }

    public override string? HeldBy => Account ?? MayBeHeldBy;

    public override Guid Operation => Record.Operation;

    public override decimal Actual => _running?.Output ?? 0m;

    /// <summary>Attempts that were certainly not billed.</summary>
    public IReadOnlyList<int> Unbilled => _unbilled ?? (IReadOnlyList<int>)[];

    /// <summary>What was billed so far; once <see cref="Settled"/> it never changes again, so the settlement needs no copy.</summary>
    public IReadOnlyList<SettledLine> Lines => _lines;

    /// <summary>The event stream to the caller, once there is one: from commit, or from the start with <c>stream.early_heartbeat</c>.</summary>
    public SseResponse? Events { get; set; }

    /// <summary>The extra attempts of this request; null before the first selection.</summary>
    public Retries? Retries { get; set; }

    /// <summary>Set by whoever settles; an operation is settled once.</summary>
    public bool Settled { get; set; }

    /// <summary>Base URL the caller's token went to; it goes to no other.</summary>
    public string? CredentialBaseUrl { get; set; }

    public AttemptRecord Begin(Selection selection)
    {
        var attempt = new AttemptRecord(Record.Attempts.Count + 1, selection) { Try = Record.Tries + 1 };
        Record.Attempts.Add(attempt);
        return attempt;
    }

    /// <summary>What a selection tells of money: held from here on, or perhaps held, until it is settled or given back.</summary>
    public void Learn(Selection selection)
    {
        Account ??= selection.Hold?.Account;
        MayBeHeldBy ??= selection.MayBeHeldBy;
    }

    /// <summary>Whatever this account may hold is to be given back at the end, like a hold that is known.</summary>
    public void MayBeHeld(string account) => MayBeHeldBy ??= account;

    /// <summary>A stream of this request has begun; only the last one can cost more as it runs.</summary>
    public void Streams(RunningCost cost) => _running = cost;

    public void NotBilled(AttemptRecord attempt) => (_unbilled ??= []).Add(attempt.Number);

    /// <exception cref="InvalidOperationException">The operation is settled: its lines are on their way to the account and stay as they are.</exception>
    public void Billed(SettledLine line)
    {
        if (Settled)
        {
            throw new InvalidOperationException($"Attempt {line.Attempt} is billed after its operation was settled. Bill it before, once.");
        }

        _lines.Add(line);
    }

    public ProviderOptions? FindProvider(string name)
    {
        var providers = Configuration.Options.Providers;
        for (var i = 0; i < providers.Count; i++)
        {
            if (string.Equals(providers[i].Name, name, StringComparison.Ordinal))
            {
                return providers[i];
            }
        }

        return null;
    }
}
