namespace Infermux.Gateway.Requests;

/// <summary>Where finished requests are published: log line, metrics, event bus, <c>requests/{id}</c>. Never blocks and never throws.</summary>
internal interface IRequestEvents
{
    /// <summary>A request ended, whatever came of it. Called exactly once each.</summary>
    void Completed(RequestRecord record);
}
