namespace Infermux.Hosting.State;

/// <summary>First line of a state file.</summary>
/// <param name="Format">Always <see cref="Name"/>.</param>
/// <param name="Version">Rises when an older Infermux could not read the file.</param>
/// <param name="ServiceId">The <c>cluster.service_id</c> it was taken from; the keys are without it.</param>
/// <param name="TakenAt">When.</param>
internal sealed record StateHeader(string Format, int Version, string ServiceId, DateTimeOffset TakenAt)
{
    public const string Name = "infermux-state";
    public const int Current = 1;
}
