using System.Text.Json;

namespace Infermux.Providers.Anthropic;

/// <summary>How a dialect spells messages that follow Anthropic's rules: alternating turns, and the results of all calls of a turn in the next one.</summary>
internal interface IMessageForm
{
    /// <summary>Refuses what cannot be answered in the shape asked for.</summary>
    /// <exception cref="RequestRefusedException">Names the field.</exception>
    void Refuse(JsonElement request);

    /// <summary>Adds the names of the fields that the dialect has nothing for.</summary>
    void Drop(JsonElement request, ISet<string> dropped);

    /// <summary>The blocks of a message's content; texts that are not blank as <see cref="Block.OfText"/>.</summary>
    /// <param name="message">The message.</param>
    /// <param name="path">Where it stands, for the words of a refusal.</param>
    List<Block> Parts(JsonElement message, string path);

    /// <summary>The assistant's own reasoning that its maker wants back, in its order.</summary>
    /// <param name="message">The message.</param>
    /// <param name="lost">Whether reasoning was left out that another provider or model made.</param>
    List<Block> Reasoning(JsonElement message, out bool lost);

    /// <summary>A call.</summary>
    Block Call(string id, string name, ReadOnlyMemory<byte> input);

    /// <summary>What a call gave.</summary>
    Block Result(string id, List<Block> content, bool failed);
}
