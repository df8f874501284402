namespace Infermux.Gateway.Costs;

/// <summary>One row of <see cref="MarkedCosts"/>.</summary>
/// <param name="Start">Start of the UTC day in which its requests began.</param>
/// <param name="Caller">The caller as named in requests.</param>
/// <param name="Provider">Who billed, or would have.</param>
/// <param name="Model">The model as the provider knows it.</param>
/// <param name="Group">Route group; empty where none.</param>
/// <param name="Project">Project; empty where none.</param>
/// <param name="Env">Stage; empty where none.</param>
/// <param name="TotalUsd">USD of the whole row, what was counted exactly included.</param>
/// <param name="EstimatedUsd">Of it, marked estimated.</param>
/// <param name="UnsettledUsd">Of it, charged at expiry.</param>
internal sealed record MarkedRow(
    DateTimeOffset Start,
    string Caller,
    string Provider,
    string Model,
    string Group,
    string Project,
    string Env,
    decimal TotalUsd,
    decimal EstimatedUsd,
    decimal UnsettledUsd);
