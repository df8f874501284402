namespace Infermux.Compatibility;

/// <summary>One line of question.</summary>
/// <param name="Ask">What to do: <c>clients</c>, <c>chat</c>, <c>stream</c>, <c>tools</c>, <c>result</c>, <c>structured</c>, <c>image</c>, <c>thinking</c>, <c>abort</c> or <c>error</c>.</param>
/// <param name="Client">With which client.</param>
/// <param name="Model">Of which model.</param>
/// <param name="Stream">For <c>tools</c>: streamed.</param>
/// <param name="Result">For <c>result</c>: what every tool answered.</param>
internal sealed record Question(string Ask, string? Client = null, string? Model = null, bool Stream = false, string? Result = null);
