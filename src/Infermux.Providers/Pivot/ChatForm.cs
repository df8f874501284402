namespace Infermux.Providers.Pivot;

/// <summary>One request as it was said in chat for one target.</summary>
/// <param name="Target">The target it was said for.</param>
/// <param name="Chat">The chat request.</param>
/// <param name="Dropped">The caller's fields that chat, or this target's chat, has no place for.</param>
internal sealed record ChatForm(AttemptTarget Target, InferenceRequest Chat, IReadOnlyList<string> Dropped);
