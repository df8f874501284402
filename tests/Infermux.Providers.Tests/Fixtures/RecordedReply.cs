namespace Infermux.Providers.Tests.Fixtures;

/// <summary>One recorded exchange.</summary>
internal sealed record RecordedReply(string Request, int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body);
