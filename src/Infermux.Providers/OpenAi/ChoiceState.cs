namespace Infermux.Providers.OpenAi;

/// <summary>What has been seen of one choice of an answer.</summary>
internal sealed class ChoiceState(int index)
{
    private List<ToolCallState>? _calls;

    /// <summary><c>choices[].index</c>.</summary>
    public int Index { get; } = index;

    /// <summary>Text, reasoning, refusal or a call was seen.</summary>
    public bool HasContent { get; set; }

    /// <summary>A <c>finish_reason</c> was seen.</summary>
    public bool Finished { get; set; }

    /// <summary>Tool calls in the order of their beginning. Made when asked for: most answers have none.</summary>
    public List<ToolCallState> Calls => _calls ??= [];

    /// <summary>Whether there are any.</summary>
    public bool HasCalls => _calls is { Count: > 0 };
}
