namespace Infermux.Providers.Responses.Inbound;

/// <summary>What one item of an answer is.</summary>
internal enum AnswerItemKind
{
    /// <summary>What the model says.</summary>
    Message,

    /// <summary>What it thought.</summary>
    Reasoning,

    /// <summary>A call of a function.</summary>
    Call,

    /// <summary>A call of a custom tool.</summary>
    CustomCall,
}
