namespace Infermux.Gateway.CommandLine;

/// <summary>A <c>state</c> verb cannot go on; the message says how to mend it.</summary>
internal sealed class StateException(string message) : Exception(message);
