namespace Infermux.Providers.Gemini;

/// <summary><c>functionCallingConfig</c> as it is sent.</summary>
/// <param name="Mode"><c>NONE</c>, <c>ANY</c> or <c>VALIDATED</c>; null: left out, which is <c>AUTO</c>.</param>
/// <param name="Name">The only function that may be called; null: any.</param>
internal readonly record struct FunctionCalling(string? Mode, string? Name = null);
