namespace Infermux.Grains.Contracts.Providers;

/// <summary>A process asks the directory.</summary>
/// <param name="Process">Who asks: one per life of a process.</param>
/// <param name="Serves">Whether it answers callers.</param>
/// <param name="Directory">The directory's activation that answered it last.</param>
/// <param name="Version">The version of that answer.</param>
[GenerateSerializer, Immutable, Alias("infermux.view-question.v1")]
public sealed record ViewQuestion(
    [property: Id(0)] Guid Process, [property: Id(1)] bool Serves, [property: Id(2)] Guid Directory, [property: Id(3)] long Version);
