using Infermux.Providers;

namespace Infermux.Gateway.Requests;

/// <summary>
/// One slot of the <see cref="RequestRing"/>. It copies what it is told to remember and is used again and again: a ring that kept the requests' own objects
/// made each of them outlive two garbage collections, which was most of what those cost.
/// </summary>
internal sealed class RememberedRequest
{
    private readonly List<RememberedAttempt> _attempts = new(1); // those beyond AttemptCount are of an earlier request

    public string RequestId { get; private set; } = "";

    public Guid Operation { get; private set; }

    public DateTimeOffset StartedAt { get; private set; }

    public TimeSpan Duration { get; private set; }

    public Operation Kind { get; private set; }

    public string ConfigurationHash { get; private set; } = "";

    public string Caller { get; private set; } = "";

    public string Project { get; private set; } = "";

    public string Env { get; private set; } = "";

    public string Model { get; private set; } = "";

    public bool Stream { get; private set; }

    public int Status { get; private set; }

    public string? ErrorCode { get; private set; }

    public decimal Cost { get; private set; }

    public int AttemptCount { get; private set; }

    public IEnumerable<RememberedAttempt> Attempts => _attempts.Take(AttemptCount);

    public void Take(RequestRecord request)
    {
        (RequestId, Operation, StartedAt, Duration) = (request.RequestId, request.Operation, request.StartedAt, request.Duration);
        (Kind, ConfigurationHash, Model, Stream) = (request.Kind, request.ConfigurationHash, request.Model, request.Stream);
        (Caller, Project, Env) = (request.Caller, request.Project, request.Env);
        (Status, ErrorCode, Cost) = (request.Status, request.ErrorCode, request.Cost);
        AttemptCount = request.Attempts.Count;
        for (var i = 0; i < AttemptCount; i++)
        {
            if (i == _attempts.Count)
            {
                _attempts.Add(new());
            }

            _attempts[i].Take(request.Attempts[i]);
        }
    }
}
