namespace Infermux.Providers.OpenAi;

/// <summary>What has been seen of one choice of an answer.</summary>
internal sealed class ChoiceState(int index)
{
    /// <summary><c>choices[].index</c>.</summary>
    public int Index { get; } = index;

    /// <summary>Text, reasoning, refusal or a call was seen.</summary>
    public bool HasContent { get; set; }

    /// <summary>A <c>finish_reason</c> was seen.</summary>
    public bool Finished { get; set; }

    /// <summary>Tool calls in the order of their beginning.</summary>
    public List<ToolCallState> Calls { get; } = [];
}
