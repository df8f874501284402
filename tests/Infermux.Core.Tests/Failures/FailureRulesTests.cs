using Infermux.Core.Failures;
using Xunit;

namespace Infermux.Core.Tests.Failures;

public sealed class FailureRulesTests
{
    public static TheoryData<FailureClass, bool, bool> OurFailures => new()
    {
        // class, moves on, marks the circuit
        { FailureClass.CallerFault, false, false },
        { FailureClass.ContextTooLong, true, false },
        { FailureClass.ContentFiltered, false, false },
        { FailureClass.ModelMissing, true, false },
        { FailureClass.BadCredential, true, true },
        { FailureClass.QuotaExhausted, true, false },
        { FailureClass.RateLimited, true, false },
        { FailureClass.Overloaded, true, true },
        { FailureClass.ServerFault, true, true },
        { FailureClass.Timeout, true, true },
        { FailureClass.Network, true, true },
        { FailureClass.BrokenStream, true, true },
        { FailureClass.ClientGone, false, false },
    };

    [Theory, MemberData(nameof(OurFailures))]
    public void For_OurCredential_MovesOnAndMarksAsSpecified(FailureClass failure, bool movesOn, bool marks)
    {
        var then = FailureRules.For(failure, ourCredential: true, treatRateLimitAsError: false);
        Assert.Equal((movesOn, marks), (then.MovesOn, then.MarksCircuit));
        Assert.Equal(failure == FailureClass.ContextTooLong, then.LargerWindowOnly);
        Assert.Equal(
            failure switch { FailureClass.RateLimited => RestReason.RateLimited, FailureClass.QuotaExhausted => RestReason.QuotaExhausted, _ => (RestReason?)null },
            then.Rests);
    }

    [Fact]
    public void OurFailures_EveryClass_HasARow() =>
        Assert.Equal(Enum.GetValues<FailureClass>(), OurFailures.Select(row => row.Data.Item1));

    [Theory]
    [InlineData(401, FailureClass.BadCredential)]
    [InlineData(402, FailureClass.QuotaExhausted)]
    [InlineData(403, FailureClass.BadCredential)]
    [InlineData(429, FailureClass.RateLimited)]
    [InlineData(429, FailureClass.Overloaded)]
    public void For_WhatTheCallersCredentialEarned_IsRelayedAndSaysNothingOfTheProvider(int status, FailureClass failure)
    {
        var then = FailureRules.For(new ProviderFailure(failure, status, "no"), ourCredential: false, treatRateLimitAsError: true);
        Assert.Equal(new FailureConsequence(false, false, false, null), then);
        Assert.Equal(status, FailureRules.StatusFor([new ProviderFailure(failure, status, "no")], lastOnOurCredential: false));
    }

    [Fact]
    public void For_ServerFaultOnTheCallersCredential_StillMarksTheProvider() =>
        Assert.True(FailureRules.For(new ProviderFailure(FailureClass.ServerFault, 500, "no"), ourCredential: false, treatRateLimitAsError: false) is
        { MarksCircuit: true, MovesOn: true });

    [Fact]
    public void For_RateLimitTreatedAsError_MarksAndStillRests() =>
        Assert.Equal(
            new FailureConsequence(MovesOn: true, LargerWindowOnly: false, MarksCircuit: true, Rests: RestReason.RateLimited),
            FailureRules.For(FailureClass.RateLimited, ourCredential: true, treatRateLimitAsError: true));

    [Theory]
    [InlineData(429, FailureClass.RateLimited, FailureClass.RateLimited)]
    [InlineData(429, FailureClass.RateLimited, FailureClass.QuotaExhausted)]
    [InlineData(504, FailureClass.Timeout, FailureClass.Timeout)]
    [InlineData(502, FailureClass.Timeout, FailureClass.RateLimited)]
    [InlineData(502, FailureClass.ServerFault, FailureClass.Network)]
    [InlineData(502, FailureClass.RateLimited, FailureClass.BadCredential)]
    [InlineData(400, FailureClass.ServerFault, FailureClass.CallerFault)]
    [InlineData(400, FailureClass.Timeout, FailureClass.ContextTooLong)]
    public void StatusFor_AllAttemptsFailed_FollowsWhatTheyHaveInCommon(int expected, FailureClass first, FailureClass second) =>
        Assert.Equal(expected, FailureRules.StatusFor([new(first, null, ""), new(second, null, "")], lastOnOurCredential: true));

    [Fact]
    public void StatusFor_RelayedFailure_KeepsTheProvidersStatus() =>
        Assert.Equal(422, FailureRules.StatusFor([new(FailureClass.CallerFault, 422, "")], lastOnOurCredential: true));

    [Fact]
    public void TagOf_EveryClassAndReason_HasItsOwnSnakeCaseTag()
    {
        var tags = Enum.GetValues<FailureClass>().Select(FailureRules.TagOf).ToList();
        Assert.Equal(tags.Count, tags.Distinct(StringComparer.Ordinal).Count());
        Assert.All(tags, tag => Assert.Matches("^[a-z_]+$", tag));
        Assert.All(Enum.GetValues<RestReason>(), reason => Assert.Matches("^[a-z_]+$", FailureRules.TagOf(reason)));
    }
}
