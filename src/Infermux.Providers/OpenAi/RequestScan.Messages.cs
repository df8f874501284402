using System.Text.Json;

namespace Infermux.Providers.OpenAi;

/// <summary>What is read otherwise where Anthropic's dialect comes in.</summary>
internal ref partial struct RequestScan
{
    private readonly bool IsMetered => Metered.MeteredOperations.Includes(_operation);

    private readonly bool IsMessages => _operation is Operation.Messages or Operation.CountTokens;

    /// <summary>Messages, system blocks and every other member of a request of Anthropic's, all of which may be text for the model.</summary>
    private void ReadBlocks(RequestKey key)
    {
        if (key == RequestKey.Messages && _reader.TokenType != JsonTokenType.StartArray)
        {
            throw Refused("messages", "must be a list", "Write [{\"role\": \"user\", \"content\": \"…\"}].");
        }

        _blocks.Read(_reader);
        if (_reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            var depth = _reader.CurrentDepth;
            while (Next() && _reader.CurrentDepth > depth)
            {
                _blocks.Read(_reader);
            }
        }
    }

    private readonly void RequireCap()
    {
        Require(RequestKey.MaxTokens, _operation == Operation.Messages);
        if (_operation == Operation.Messages && _maxTokens is null)
        {
            throw new RequestRefusedException("The field 'max_tokens' is null. Say how many tokens the answer may have.", "max_tokens");
        }
    }
}
