using Infermux.Core.Configuration;
using Infermux.Providers.Azure;
using Infermux.Providers.OpenAi;

namespace Infermux.Providers.Messages;

/// <summary>What the chat that a request is said in may hold: a server of OpenAI's own dialect takes less than a translating dialect of ours.</summary>
/// <param name="Attempt">Where it goes.</param>
/// <param name="Extended">Whether the pivot's extensions are read there (decision 0018).</param>
internal sealed record ChatTarget(AttemptTarget Attempt, bool Extended)
{
    private static readonly DirectEndpoint Direct = new(DirectEndpoint.OpenAi);
    private static readonly AzureEndpoint Azure = new();

    /// <summary>Name of the output cap.</summary>
    public string CapKey => Attempt.Provider.Type switch
    {
        ProviderType.OpenAi => Direct.CapKey(Attempt.Provider, Operation.ChatCompletions),
        ProviderType.AzureOpenAi => Azure.CapKey(Attempt.Provider, Operation.ChatCompletions),
        _ => "max_tokens",
    };

    /// <summary>Whether <c>reasoning_effort</c> is taken. Of OpenAI's models those that reason take it, and the others answer 400.</summary>
    public bool TakesEffort => Extended || Reasons;

    /// <summary>Whether sampling fields and <c>stop</c> are taken; OpenAI's reasoning models answer 400.</summary>
    public bool TakesSampling => Extended || !Reasons;

    /// <summary>Whether <c>top_k</c> is taken.</summary>
    public bool TakesTopK => Extended || Attempt.Provider.Type == ProviderType.Ollama;

    /// <summary>Most stop sequences.</summary>
    public int MostStops => Extended ? int.MaxValue : 4;

    // "o3", "o4-mini", "gpt-5.4", "gpt-6-sol", "gpt-oss-120b", also with a vendor before a slash; not "gpt-5-chat-latest".
    private bool Reasons
    {
        get
        {
            var name = Attempt.Model[(Attempt.Model.LastIndexOf('/') + 1)..];
            return (name.Length > 1 && name[0] == 'o' && char.IsAsciiDigit(name[1]))
                || name.StartsWith("gpt-oss", StringComparison.Ordinal)
                || (name.StartsWith("gpt-", StringComparison.Ordinal) && name.Length > 4 && name[4] is >= '5' and <= '9' && !name.Contains("-chat", StringComparison.Ordinal));
        }
    }
}
