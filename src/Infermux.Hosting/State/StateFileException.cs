namespace Infermux.Hosting.State;

/// <summary>A state file, or the store it is taken from or put into, is not what it must be; the message says how to mend it.</summary>
public sealed class StateFileException(string message) : Exception(message);
