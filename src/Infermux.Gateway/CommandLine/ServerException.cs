namespace Infermux.Gateway.CommandLine;

/// <summary>The server cannot be reached, or refuses; the message says how to mend it.</summary>
internal sealed class ServerException(string message, Exception? inner = null) : Exception(message, inner);
