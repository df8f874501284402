namespace Infermux.Gateway.Costs;

/// <summary>A parameter that cannot be used.</summary>
/// <param name="Parameter">Its name.</param>
/// <param name="Message">What was found and what to give instead.</param>
internal sealed record CostProblem(string Parameter, string Message);
