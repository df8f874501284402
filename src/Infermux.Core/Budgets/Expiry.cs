namespace Infermux.Core.Budgets;

/// <summary>What a hold that nobody resolved is charged.</summary>
public static class Expiry
{
    /// <summary>
    /// One row per attempt that holds money. A whole answer is charged its full hold, since vendors finish and bill it; a stream its input and what was last
    /// heard of its output, never more than the hold. The actual belongs to the newest streams first: the running one is the last.
    /// </summary>
    public static IEnumerable<CostRow> Charge(OpenOperation open, string caller, string project, string env)
    {
        ArgumentNullException.ThrowIfNull(open);
        var actual = open.Actual;
        foreach (var line in open.Lines.Where(line => line.Amount > 0).OrderByDescending(line => line.Attempt))
        {
            var cost = line.Amount;
            if (line.Stream)
            {
                var input = Math.Min(line.InputAmount, line.Amount);
                var output = Math.Min(actual, line.Amount - input);
                (cost, actual) = (input + output, actual - output);
            }

            var key = new CostKey(CostKey.HourOf(open.ReservedAt), caller, line.Provider, line.TargetModel, open.Group, project, env);
            yield return new(key, new(0, 1, 0, 0, cost, 0, cost));
        }
    }
}
