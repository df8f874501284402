namespace Infermux.Providers.Anthropic;

/// <summary>How a structured answer is asked for.</summary>
internal enum AnswerForm
{
    /// <summary>It is not.</summary>
    Free,

    /// <summary>By <c>output_config.format</c>.</summary>
    Format,

    /// <summary>By forcing a tool whose input is the answer.</summary>
    Tool,

    /// <summary>By words in the system prompt.</summary>
    Instruction,
}
