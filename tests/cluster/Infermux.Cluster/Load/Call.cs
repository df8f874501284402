namespace Infermux.Cluster.Load;

/// <summary>One request to send.</summary>
/// <param name="Caller">Whom it is charged to.</param>
/// <param name="Model">Its model.</param>
/// <param name="Stream">Whether it asks for a stream.</param>
/// <param name="Words">Words of the answer, a token each.</param>
/// <param name="MaxTokens">Its output cap.</param>
internal sealed record Call(string Caller, string Model, bool Stream, int Words, int MaxTokens)
{
    /// <summary>Tells the scripted provider whom to book, and what to answer.</summary>
    public string Prompt => $"caller={Caller} words={Words}";
}
