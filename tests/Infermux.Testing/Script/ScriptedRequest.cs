namespace Infermux.Testing;

/// <summary>What a rule may look at when it decides how one request is treated.</summary>
/// <param name="Number">1 for the first request, in order of arrival.</param>
/// <param name="Caller">As in <see cref="RequestRecord.Caller"/>.</param>
/// <param name="Model">The model asked for; empty where the body is no JSON.</param>
/// <param name="Stream">Whether a stream was asked for.</param>
/// <param name="RequestId">Its <c>X-Request-Id</c>; null: none.</param>
/// <param name="Body">The request body as it came.</param>
public sealed record ScriptedRequest(long Number, string Caller, string Model, bool Stream, string? RequestId, string Body);
