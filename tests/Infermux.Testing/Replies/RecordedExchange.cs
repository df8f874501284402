namespace Infermux.Testing;

/// <summary>One recorded exchange.</summary>
/// <param name="Request">The request body.</param>
/// <param name="Status">HTTP status of the answer.</param>
/// <param name="Headers">Its headers.</param>
/// <param name="Body">Its body.</param>
public sealed record RecordedExchange(string Request, int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body);
