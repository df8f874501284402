using Infermux.Hosting.SelfChecks;

namespace Infermux.Hosting.Tests.SelfChecks;

public sealed class StoreJudgementTests
{
    private static readonly StoreFacts Good = new()
    {
        AppendOnly = true,
        AppendFsync = "always",
        Snapshots = false,
        MaxMemory = 0,
        EvictionPolicy = "noeviction",
        TookPassword = true,
        OpenToAnyone = false,
    };

    [Fact]
    public void Store_ThatWritesBeforeItAcknowledgesAndEvictsNothing_HasNoProblem()
    {
        Assert.Empty(StoreJudgement.Of(Good));
        Assert.Null(StoreJudgement.Unknown(Good));
    }

    [Fact]
    public void Store_ThatSaysNothing_IsUnknownAndNotRefused()
    {
        Assert.Empty(StoreJudgement.Of(new StoreFacts()));
        Assert.Contains("does not say", StoreJudgement.Unknown(new StoreFacts()), StringComparison.Ordinal);
        Assert.Empty(StoreJudgement.Of(Good with { AppendFsync = null, Snapshots = null }));
        Assert.Contains("appendfsync always", StoreJudgement.Unknown(Good with { AppendFsync = null }), StringComparison.Ordinal);
        Assert.Empty(StoreJudgement.Of(Good with { AppendOnly = false, Snapshots = null }));
    }

    [Theory]
    [InlineData(false, false, null, false, "keeps nothing on disk")]
    [InlineData(false, true, null, true, "only saves snapshots")]
    [InlineData(true, true, "everysec", true, "appendfsync everysec")]
    [InlineData(true, false, "no", true, "appendfsync no")]
    public void Store_ThatLosesWhatItAcknowledged_IsRefusedOrWarnedOf(bool appendOnly, bool snapshots, string? fsync, bool warning, string said) =>
        Only(Good with { AppendOnly = appendOnly, Snapshots = snapshots, AppendFsync = fsync }, warning, said);

    [Theory]
    [InlineData(100_000_000, "allkeys-lru", false)]
    [InlineData(100_000_000, "volatile-ttl", false)]
    [InlineData(0, "allkeys-lru", true)]
    public void Store_ThatEvicts_IsRefusedWhereItHasALimit(long maxMemory, string policy, bool warning) =>
        Only(Good with { MaxMemory = maxMemory, EvictionPolicy = policy }, warning, policy);

    [Theory]
    [InlineData(false, true, false, "lets everybody in")]
    [InlineData(false, false, false, "refuses this user and password.")]
    [InlineData(true, true, true, "without one, too")]
    public void Store_WhosePasswordIsNotWhatProtectsIt_IsSaid(bool took, bool open, bool warning, string said) =>
        Only(Good with { TookPassword = took, OpenToAnyone = open }, warning, said);

    [Fact]
    public void Store_WithoutAPassword_IsAnOrdinaryOne() => Assert.Empty(StoreJudgement.Of(Good with { TookPassword = null, OpenToAnyone = true }));

    [Theory]
    [InlineData(1.9, null)]
    [InlineData(-1.9, null)]
    [InlineData(2.1, true)]
    [InlineData(-9.9, true)]
    [InlineData(10.1, false)]
    [InlineData(-3600, false)]
    public void Clock_OffByMoreThan2Seconds_WarnsAndByMoreThan10RefusesASilo(double seconds, bool? warning)
    {
        Assert.Equal(warning, ClockSkew.Problem(TimeSpan.FromSeconds(seconds), isSilo: true)?.IsWarning);
        Assert.Equal(warning is null ? null : true, ClockSkew.Problem(TimeSpan.FromSeconds(seconds), isSilo: false)?.IsWarning);
    }

    [Fact]
    public void Clock_AskedOverASlowConnection_IsComparedHalfwayBetweenQuestionAndAnswer()
    {
        var asked = DateTimeOffset.UnixEpoch;
        Assert.Equal(TimeSpan.FromSeconds(-3), ClockSkew.Between(asked, asked.AddSeconds(4), asked.AddSeconds(5)));
    }

    private static void Only(StoreFacts facts, bool warning, string said)
    {
        var problem = Assert.Single(StoreJudgement.Of(facts));
        Assert.Equal(warning, problem.IsWarning);
        Assert.Contains(said, problem.Problem, StringComparison.Ordinal);
        Assert.NotEmpty(problem.Mend);
    }
}
