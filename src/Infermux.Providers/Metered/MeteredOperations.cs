using Infermux.Core.Routing;

namespace Infermux.Providers.Metered;

/// <summary>Which operations are passed through and metered, and what sets each of them apart.</summary>
public static class MeteredOperations
{
    /// <summary>The model of a moderation that names none, as OpenAI's own default is called.</summary>
    public const string DefaultModerationModel = "omni-moderation-latest";

    /// <summary>Whether an operation is none of chat, completions, embeddings and counts.</summary>
    public static bool Includes(Operation operation) => operation >= Operation.ImageGenerations;

    /// <summary>What routing calls it; null for what every provider is asked in chat, or says in its own way.</summary>
    public static RoutedOperation? RoutedAs(Operation operation) => operation switch
    {
        Operation.ImageGenerations => RoutedOperation.ImageGeneration,
        Operation.ImageEdits => RoutedOperation.ImageEdit,
        Operation.ImageVariations => RoutedOperation.ImageVariation,
        Operation.Speech => RoutedOperation.Speech,
        Operation.Transcriptions => RoutedOperation.Transcription,
        Operation.Translations => RoutedOperation.Translation,
        Operation.Moderations => RoutedOperation.Moderation,
        Operation.Rerank => RoutedOperation.Rerank,
        _ => null,
    };

    /// <summary>Whether the body is a form: it carries a file.</summary>
    internal static bool TakesForm(Operation operation) =>
        operation is Operation.ImageEdits or Operation.ImageVariations or Operation.Transcriptions or Operation.Translations;

    /// <summary>Whether the body may be JSON. OpenAI takes image edits in both ways.</summary>
    internal static bool TakesJson(Operation operation) => !TakesForm(operation) || operation == Operation.ImageEdits;

    /// <summary>Whether images come of it.</summary>
    internal static bool MakesImages(Operation operation) => operation is Operation.ImageGenerations or Operation.ImageEdits or Operation.ImageVariations;

    /// <summary>Whether it listens to a recording.</summary>
    internal static bool Listens(Operation operation) => operation is Operation.Transcriptions or Operation.Translations;
}
