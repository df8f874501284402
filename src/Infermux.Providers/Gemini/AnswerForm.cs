namespace Infermux.Providers.Gemini;

/// <summary>How a structured answer is asked for.</summary>
internal enum AnswerForm
{
    /// <summary>It is not.</summary>
    Free,

    /// <summary>By <c>responseMimeType</c>, and <c>responseJsonSchema</c> where there is a schema.</summary>
    Json,

    /// <summary>By words in the instructions.</summary>
    Instruction,
}
