namespace Infermux.Grains.Budgets.Records;

/// <summary>A hold line.</summary>
[GenerateSerializer, Alias("infermux.account.line.v1")]
internal record struct LineRecord
{
    /// <summary>The attempt.</summary>
    [Id(0)] public int Attempt { get; set; }

    /// <summary>Where it goes.</summary>
    [Id(1)] public string Provider { get; set; }

    /// <summary>The model sent.</summary>
    [Id(2)] public string TargetModel { get; set; }

    /// <summary>USD held.</summary>
    [Id(3)] public decimal Amount { get; set; }

    /// <summary>Of it, the prompt.</summary>
    [Id(4)] public decimal InputAmount { get; set; }

    /// <summary>Whether it is a stream.</summary>
    [Id(5)] public bool Stream { get; set; }
}
