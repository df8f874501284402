namespace Infermux.Providers.Gemini;

/// <summary>
/// What each family of models takes, by the beginning of its name; the first row that fits counts. A Gemini that no row knows is taken for a newer one, and a
/// name that is no Gemini's for a model that takes nothing special.
/// </summary>
internal static class ModelTraitTable
{
    private static readonly ModelTraits Plain = new();
    private static readonly ModelTraits OldGemma = new() { SystemInstruction = false, AnswerFormat = false };
    private static readonly ModelTraits Flash25 = new() { Thinking = ThinkingSupport.Budget, ValidatedCalls = true };
    private static readonly ModelTraits Pro25 = Flash25 with { LeastBudget = 128, MostBudget = 32_768, CanBeOff = false };
    private static readonly ModelTraits Silent25 = Flash25 with { Thinking = ThinkingSupport.None };
    private static readonly ModelTraits Pro31 = new() { Thinking = ThinkingSupport.Level, AnswerWithTools = true, ValidatedCalls = true, SignedCalls = true };
    private static readonly ModelTraits Flash3 = Pro31 with { MinimalLevel = true };

    private static readonly (string Begins, ModelTraits Traits)[] Rows =
    [
        ("gemini-1", Plain),
        ("gemini-exp", Plain),
        ("gemini-2.0", Plain),
        ("gemini-2.5-flash-lite", Flash25 with { LeastBudget = 512 }),
        ("gemini-2.5-flash-image", Silent25),
        ("gemini-2.5-flash-preview-tts", Silent25),
        ("gemini-2.5-pro-preview-tts", Silent25),
        ("gemini-2.5-pro", Pro25),
        ("gemini-2.5-computer-use", Pro25),
        ("gemini-2.5", Flash25),
        ("gemini-robotics-er-1", Flash25),
        ("gemini-3-pro", Pro31 with { MediumLevel = false }),
        ("gemini-3-flash", Flash3),
        ("gemini-3.1-flash", Flash3),
        ("gemini-", Pro31),
        ("gemma-2", OldGemma),
        ("gemma-3", OldGemma),
    ];

    /// <summary>The row of a model name, also with <c>models/</c> or a publisher before it.</summary>
    public static ModelTraits Find(string model)
    {
        var name = model[(model.LastIndexOf('/') + 1)..].ToLowerInvariant();
        var row = Array.Find(Rows, row => name.StartsWith(row.Begins, StringComparison.Ordinal)).Traits ?? Plain;
        return ReferenceEquals(row, Pro31) && name.Contains("flash", StringComparison.Ordinal) ? Flash3 : row;
    }
}
