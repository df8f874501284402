namespace Infermux.Testing;

/// <summary>A command line that cannot be obeyed.</summary>
internal sealed class BadFlagException(string message) : Exception(message);
