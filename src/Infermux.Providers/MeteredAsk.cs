namespace Infermux.Providers;

/// <summary>What a request beside chat asks for, as far as its body and its money care.</summary>
public sealed record MeteredAsk
{
    /// <summary>Its content type, sent on as it came: a form's boundary is in it.</summary>
    public required string ContentType { get; init; }

    /// <summary>The boundary of a form; null: the body is JSON.</summary>
    public string? Boundary { get; init; }

    /// <summary>What an answer that is no stream looks like.</summary>
    public required MeteredForm Answer { get; init; }

    /// <summary>Images, seconds, characters or searches that it asks for, as far as the request shows; an estimate unless <see cref="UnitsAreSure"/>.</summary>
    public decimal Units { get; init; }

    /// <summary>Whether the vendor charges exactly these.</summary>
    public bool UnitsAreSure { get; init; }

    /// <summary>The most that can be charged.</summary>
    public long UnitsBound { get; init; }

    /// <summary>Output tokens expected, for an answer that does not tell them.</summary>
    public long OutputEstimate { get; init; }

    /// <summary>Text put before the value where the model was left out, and after it: a member of the object, or a part of the form.</summary>
    public (string Before, string After) Frame { get; init; }
}
