namespace Infermux.Core.Costs;

/// <summary>What costs can be told apart by.</summary>
[Flags]
public enum CostDimensions
{
    /// <summary>One total.</summary>
    None = 0,

    /// <summary>The caller.</summary>
    Caller = 1,

    /// <summary>Who billed.</summary>
    Provider = 2,

    /// <summary>The model billed.</summary>
    Model = 4,

    /// <summary>Route group.</summary>
    Group = 8,

    /// <summary>Project.</summary>
    Project = 16,

    /// <summary>Stage.</summary>
    Env = 32,

    /// <summary>The UTC day.</summary>
    Day = 64,

    /// <summary>The UTC hour.</summary>
    Hour = 128,
}
