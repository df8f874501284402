using Infermux.Providers;

namespace Infermux.Gateway.Requests;

/// <summary>What one inbound request asked, what was decided and what came of it. Complete and unchanging once it is published.</summary>
internal sealed class RequestRecord
{
    /// <summary>The id in <c>X-Request-Id</c>.</summary>
    public required string RequestId { get; init; }

    /// <summary>Our own id, which money is keyed by.</summary>
    public required Guid Operation { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required Operation Kind { get; init; }

    public required string ConfigurationHash { get; init; }

    public string Caller { get; set; } = "";

    public string Project { get; set; } = "";

    public string Env { get; set; } = "";

    /// <summary>The model as the caller asked for it; empty where the body could not be read.</summary>
    public string Model { get; set; } = "";

    public bool Stream { get; set; }

    public List<AttemptRecord> Attempts { get; } = new(1);

    /// <summary>Attempts that went out.</summary>
    public int Tries => Attempts is [.., var last] ? last.GivenBack ? last.Try - 1 : last.Try : 0;

    /// <summary>HTTP status that went to the caller; 499 where the caller left first.</summary>
    public int Status { get; set; }

    /// <summary><c>error.code</c>; null for an answer.</summary>
    public string? ErrorCode { get; set; }

    public TimeSpan Duration { get; set; }

    /// <summary>The attempt that answered; null where none did.</summary>
    public AttemptRecord? Answer { get; set; }

    public decimal Cost => Attempts.Sum(a => a.Cost);
}
