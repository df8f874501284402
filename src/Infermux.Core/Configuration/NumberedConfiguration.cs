namespace Infermux.Core.Configuration;

/// <summary>A configuration and the place of its budgets among all that were ever in force.</summary>
/// <param name="Snapshot">What the process runs on.</param>
/// <param name="Number">Rises with each newer text of <c>budgets</c>; 0: not known, since the store did not answer yet.</param>
public sealed record NumberedConfiguration(ConfigurationSnapshot Snapshot, long Number);
