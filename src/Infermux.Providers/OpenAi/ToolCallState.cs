namespace Infermux.Providers.OpenAi;

/// <summary>One tool call of a choice, as far as it has arrived.</summary>
/// <param name="UpstreamIndex">The provider's index; -1 where it gives none.</param>
/// <param name="Index">The index towards the caller.</param>
/// <param name="Id">The provider's id as it stands in JSON; empty where it gave none.</param>
internal sealed record ToolCallState(int UpstreamIndex, int Index, byte[] Id)
{
    /// <summary>Whether the function's name was sent.</summary>
    public bool Named { get; set; }
}
