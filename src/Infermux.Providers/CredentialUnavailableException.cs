namespace Infermux.Providers;

/// <summary>A request could not be given its credential, so nothing was sent. The message says where was looked and the mend, and holds no secret.</summary>
public sealed class CredentialUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
