namespace Infermux.Providers.Anthropic;

/// <summary>One message as it is sent.</summary>
/// <param name="Role"><c>user</c>, <c>assistant</c> or <c>system</c>.</param>
/// <param name="Blocks">Its content, never empty.</param>
internal sealed record Turn(string Role, IReadOnlyList<Block> Blocks);
