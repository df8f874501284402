using System.Collections.Immutable;

namespace Infermux.Core.Budgets;

/// <summary>An operation that is under way: its lines, or only the memory of what was answered while it holds nothing.</summary>
public sealed record OpenOperation
{
    /// <summary>The operation.</summary>
    public required Guid Operation { get; init; }

    /// <summary>When its first line was granted, in the account's guarded time: decides period, hour and day.</summary>
    public required DateTimeOffset ReservedAt { get; init; }

    /// <summary>Sequence of the last command that was applied.</summary>
    public required int Sequence { get; init; }

    /// <summary>The answer to it, for a repeat.</summary>
    public required HoldOutcome Outcome { get; init; }

    /// <summary>The replacement named in that answer.</summary>
    public string? ModelOverride { get; init; }

    /// <summary>One per granted attempt, by attempt.</summary>
    public ImmutableArray<HoldLine> Lines { get; init; } = [];

    /// <summary>What its streams have used so far, USD, as last heard.</summary>
    public decimal Actual { get; init; }

    /// <summary>When it expires, or is forgotten where it holds nothing.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Cost tag.</summary>
    public string Project { get; init; } = "";

    /// <summary>Cost tag.</summary>
    public string Env { get; init; } = "";

    /// <summary>Cost tag.</summary>
    public string Group { get; init; } = "";

    /// <summary>Whether it has lines.</summary>
    public bool Holds => Lines.Length > 0;

    /// <summary>Sum of its lines, USD.</summary>
    public decimal Held
    {
        get
        {
            var held = 0m;
            foreach (var line in Lines)
            {
                held += line.Amount;
            }

            return held;
        }
    }

    /// <summary>The lines with the given attempts zeroed.</summary>
    public OpenOperation Zeroed(IReadOnlyList<int> attempts) =>
        attempts.Count == 0 ? this : this with { Lines = [.. Lines.Select(line => attempts.Contains(line.Attempt) ? line with { Amount = 0 } : line)] };

    /// <summary>The lines with this one put in the place of its attempt's earlier one.</summary>
    public OpenOperation With(HoldLine line)
    {
        for (var i = 0; i < Lines.Length; i++)
        {
            if (Lines[i].Attempt == line.Attempt)
            {
                return this with { Lines = Lines.SetItem(i, line) };
            }
        }

        return this with { Lines = Lines.Add(line) };
    }

    /// <summary>USD held for one attempt; 0 where it has no line.</summary>
    public decimal HeldFor(int attempt)
    {
        foreach (var line in Lines)
        {
            if (line.Attempt == attempt)
            {
                return line.Amount;
            }
        }

        return 0;
    }
}
