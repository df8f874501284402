using CsCheck;
using Infermux.Core.Configuration;
using Infermux.Core.Limits;
using Xunit;

namespace Infermux.Core.Tests.Limits;

public sealed class ProviderLimitsTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, 400, TimeSpan.Zero);
    private static readonly Guid Gateway = Guid.Parse("00000000-0000-0000-0000-00000000000a");

    private static ProviderOptions Provider(int? requests = null, int? tokens = null, int? concurrency = null) =>
        new() { RateLimits = new() { RequestsPerMinute = requests, TokensPerMinute = tokens }, MaxConcurrency = concurrency };

    private static AdmissionKey Key(int n) => new(new Guid(n, 0, 0, new byte[8]), 1);

    private static readonly Gen<(int StepMs, int Tokens, int Used)[]> Arrivals =
        Gen.Select(Gen.OneOf(Gen.Int[0, 300], Gen.Int[0, 30_000]), Gen.Int[0, 60], Gen.Int[0, 90]).Array[1, 120];

    [Fact]
    public void Rates_AnyArrivals_NeverExceedTheCeilingInAnyTrueMinute() =>
        Gen.Select(Arrivals, Gen.Int[1, 20], Gen.Int[60, 400]).Sample((arrivals, requests, tokens) =>
        {
            var provider = Provider(requests, tokens);
            var limits = new ProviderLimits(DateTimeOffset.MinValue);
            var admitted = new List<(DateTimeOffset At, int Tokens)>();
            var now = Start;
            foreach (var (step, wanted, _) in arrivals)
            {
                now = now.AddMilliseconds(step);
                var verdict = limits.Check(provider, wanted, now);
                if (verdict.Refusal is null)
                {
                    limits.Take(Key(admitted.Count), wanted, now);
                    admitted.Add((now, wanted));
                }

                var minute = admitted.Where(a => now - a.At < TimeSpan.FromSeconds(60)).ToList();
                Assert.True(minute.Count <= requests && minute.Sum(a => a.Tokens) <= tokens);
            }
        });

    [Fact]
    public void Refused_AtTheNamedTime_IsAdmittedAndNotASecondBefore() =>
        Gen.Select(Arrivals, Gen.Int[1, 20], Gen.Int[60, 400]).Sample((arrivals, requests, tokens) =>
        {
            var provider = Provider(requests, tokens);
            var limits = new ProviderLimits(DateTimeOffset.MinValue);
            var (now, n) = (Start, 0);
            foreach (var (step, wanted, _) in arrivals)
            {
                now = now.AddMilliseconds(step);
                if (limits.Check(provider, wanted, now).Refusal is null)
                {
                    limits.Take(Key(n++), wanted, now);
                }
            }

            var refused = limits.Check(provider, 60, now);
            if (refused.Until is { } until)
            {
                Assert.True(until > now && until - now <= TimeSpan.FromSeconds(61));
                Assert.NotNull(limits.Check(provider, 60, until.AddMilliseconds(-1)).Refusal);
                Assert.Null(limits.Check(provider, 60, until).Refusal);
            }
        });

    [Fact]
    public void Tokens_CorrectedAtTheEnd_CountWhatWasUsedInTheBucketOfTheAdmission() => Arrivals.Sample(arrivals =>
    {
        var provider = Provider(tokens: int.MaxValue);
        var limits = new ProviderLimits(DateTimeOffset.MinValue);
        var booked = new List<(long Second, int Used)>();
        var now = Start;
        foreach (var (step, wanted, used) in arrivals)
        {
            now = now.AddMilliseconds(step);
            limits.Check(provider, wanted, now);
            limits.Take(Key(booked.Count), wanted, now);
            limits.Correct(Key(booked.Count), used);
            limits.Correct(Key(booked.Count), used); // a repeated correction changes nothing
            booked.Add((now.ToUnixTimeSeconds(), used));
            var sum = booked.Where(b => b.Second > now.ToUnixTimeSeconds() - 61).Sum(b => b.Used);
            Assert.Equal(int.MaxValue - sum, limits.HeadroomTokens(provider.RateLimits, now));
        }
    });

    [Fact]
    public void Check_MoreTokensThanTheCeiling_IsRefusedWithoutATime() =>
        Assert.Equal(new LimitVerdict(LimitRefusal.RateLimited, null), new ProviderLimits(DateTimeOffset.MinValue).Check(Provider(tokens: 10), 11, Start));

    [Fact]
    public void Check_NoCeilings_AlwaysHasRoom()
    {
        var limits = new ProviderLimits(DateTimeOffset.MinValue);
        for (var n = 0; n < 1_000; n++)
        {
            Assert.Null(limits.Check(Provider(), long.MaxValue / 2, Start).Refusal);
            limits.Take(Key(n), 1, Start);
        }

        Assert.Null(limits.HeadroomRequests(Provider().RateLimits, Start));
        Assert.Null(limits.HeadroomTokens(Provider().RateLimits, Start));
    }

    [Fact]
    public void Release_NeverSent_GivesEverythingBack()
    {
        var provider = Provider(requests: 1, tokens: 10, concurrency: 1);
        var limits = new ProviderLimits(DateTimeOffset.MinValue);
        limits.Take(Key(1), 10, Start);
        Assert.NotNull(limits.Check(provider, 1, Start).Refusal);
        limits.Release(Key(1));
        limits.Release(Key(1));
        Assert.Null(limits.Check(provider, 10, Start).Refusal);
        Assert.Equal((1, 10, 0), (limits.HeadroomRequests(provider.RateLimits, Start), limits.HeadroomTokens(provider.RateLimits, Start), limits.InFlight(Start)));
    }

    [Fact]
    public void Learning_OwnerWithoutMemory_AdmitsASixtiethUntilItEnds()
    {
        var ends = Start.AddSeconds(1);
        var limits = new ProviderLimits(ends);
        var provider = Provider(requests: 120);
        limits.Take(Key(1), 1, Start);
        limits.Take(Key(2), 1, Start);
        Assert.Equal(new LimitVerdict(LimitRefusal.RateLimited, ends), limits.Check(provider, 1, Start));
        Assert.Null(limits.Check(provider, 1, ends).Refusal);
    }

    [Fact]
    public void Inherit_WhatAnEarlierOwnerAdmitted_CountsUntilItIsAMinuteOld()
    {
        var limits = new ProviderLimits(DateTimeOffset.MinValue);
        var provider = Provider(requests: 5);
        limits.Inherit(secondsAgo: 50, requests: 4, tokens: 100, Start);
        limits.Take(Key(1), 1, Start);
        Assert.Equal(LimitRefusal.RateLimited, limits.Check(provider, 1, Start.AddSeconds(9)).Refusal);
        Assert.Null(limits.Check(provider, 1, Start.AddSeconds(11)).Refusal);
        limits.Inherit(secondsAgo: 70, requests: 9, tokens: 9, Start.AddSeconds(11)); // long gone
        Assert.Null(limits.Check(provider, 1, Start.AddSeconds(11)).Refusal);
    }

    [Fact]
    public void InFlight_CountsAndPermits_LapseWhenTheirGatewayFallsSilent()
    {
        var limits = new ProviderLimits(DateTimeOffset.MinValue);
        limits.Take(Key(1), 1, Start);
        limits.Report(Gateway, inFlight: 4, dispatched: 0, Start);
        Assert.Equal(5, limits.InFlight(Start));
        Assert.Equal(Start.AddSeconds(3), limits.NextLapse);
        Assert.Equal(1, limits.InFlight(Start.AddSeconds(3)));
        Assert.Equal(Start.AddSeconds(5), limits.NextLapse);
        Assert.Equal(0, limits.InFlight(Start.AddSeconds(5)));
        Assert.Null(limits.NextLapse);
    }

    // Every admitted attempt is dispatched within a second, and the gateway reports each second. However these interleave, what is really in flight, or
    // about to be, stays under the ceiling.
    [Fact]
    public void MaxConcurrency_AnyInterleavingOfReports_NeverExceeded() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 400]).Array[1, 150].Sample(steps =>
        {
            var provider = Provider(concurrency: 3);
            var limits = new ProviderLimits(DateTimeOffset.MinValue);
            var waiting = new Queue<DateTimeOffset>();
            var (running, dispatched, n, now, reported) = (0, 0, 0, Start, Start);
            foreach (var (action, wait) in steps)
            {
                now = now.AddMilliseconds(wait);
                if (action <= 1 && limits.Check(provider, 0, now).Refusal is null)
                {
                    limits.Take(Key(n++), 0, now);
                    waiting.Enqueue(now);
                }

                while (waiting.Count > 0 && (action == 2 || now - waiting.Peek() >= TimeSpan.FromSeconds(1)))
                {
                    waiting.Dequeue();
                    (running, dispatched) = (running + 1, dispatched + 1);
                }

                running -= action == 3 && running > 0 ? 1 : 0;
                if (action == 4 || now - reported >= TimeSpan.FromSeconds(1))
                {
                    limits.Report(Gateway, running, dispatched, now);
                    (dispatched, reported) = (0, now);
                }

                Assert.InRange(running + waiting.Count, 0, 3);
            }
        }, iter: 2_000);
}
