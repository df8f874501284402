namespace Infermux.Providers.Metered;

/// <summary>What a whole answer beside chat says; apart from chat's, which has no room to spare for it.</summary>
/// <param name="Told">Images, seconds or searches.</param>
/// <param name="IsText">Whether it is no JSON.</param>
internal sealed record PassedAnswer(decimal? Told, bool IsText) : WholeAnswer
{
    /// <inheritdoc/>
    public override decimal? Units => Told;

    /// <inheritdoc/>
    public override bool KeepsType => IsText;
}
