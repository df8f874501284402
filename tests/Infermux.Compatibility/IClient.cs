namespace Infermux.Compatibility;

/// <summary>One client library, asked for one thing of the matrix.</summary>
internal interface IClient
{
    Task<Said> ChatAsync();

    Task<Said> StreamAsync();

    /// <summary>Offers a tool and says what was called; keeps the conversation for <see cref="ResultAsync"/>.</summary>
    Task<Said> ToolsAsync(bool stream);

    /// <summary>Answers every call of <see cref="ToolsAsync"/>.</summary>
    Task<Said> ResultAsync(string result);

    Task<Said> StructuredAsync();

    Task<Said> ImageAsync();

    Task<Said> ThinkingAsync();

    /// <summary>Leaves in the middle of a stream.</summary>
    Task AbortAsync();
}
