using CsCheck;
using Infermux.Core.Configuration.Keys;

namespace Infermux.Hosting.Tests.Configuration;

public class UnitsTests
{
    [Fact]
    public void AnyDuration_WrittenAndRead_ComesBack() => Gen.Long[0, TimeSpan.TicksPerDay * 400].Sample(ticks =>
        Duration.TryParse(Duration.Write(TimeSpan.FromTicks(ticks)), out var read) && read.Ticks == ticks);

    [Fact]
    public void AnyWholeNumber_WithEachUnit_IsThatManyOfThem() => Gen.Int[0, 1_000_000].Sample(n =>
        Reads($"{n}ms", TimeSpan.FromMilliseconds(n)) && Reads($"{n}s", TimeSpan.FromSeconds(n)) && Reads($"{n}m", TimeSpan.FromMinutes(n)) && Reads($"{n}h", TimeSpan.FromHours(n)));

    [Fact]
    public void AnyTwoDurations_WrittenTogether_Add() => Gen.Select(Gen.Int[0, 1000], Gen.Int[0, 10_000]).Sample((minutes, ms) =>
        Reads($"{minutes}m{ms}ms", TimeSpan.FromMinutes(minutes) + TimeSpan.FromMilliseconds(ms)));

    [Fact]
    public void AnyText_ReadAsADurationOrSize_NeverThrows() => Gen.Char["0123456789.smhunMKGiB -"].Array[0, 30].Select(c => new string(c)).Sample(text =>
    {
        var (isDuration, isSize) = (Duration.TryParse(text, out var duration), ByteSize.TryParse(text, out var bytes));
        return (!isDuration || duration >= TimeSpan.Zero) && (!isSize || bytes >= 0);
    });

    [Fact]
    public void AnySize_WrittenAndRead_ComesBack() => Gen.Long[0, long.MaxValue].Sample(bytes => ByteSize.TryParse(ByteSize.Write(bytes), out var read) && read == bytes);

    [Theory]
    [InlineData("1.5h", 5400_000)]
    [InlineData("1h30m", 5400_000)]
    [InlineData("0", 0)]
    [InlineData("250ms", 250)]
    [InlineData("1500us", 1.5)]
    public void Duration_InGoForm_IsRead(string text, double milliseconds) => Assert.True(Reads(text, TimeSpan.FromMilliseconds(milliseconds)));

    [Theory]
    [InlineData("")]
    [InlineData("60")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5 s")]
    [InlineData("5d")]
    [InlineData("1..5s")]
    [InlineData("99999999999999999999h")]
    public void Duration_InNoForm_IsRefused(string text) => Assert.False(Duration.TryParse(text, out _));

    [Theory]
    [InlineData("32MiB", 33554432)]
    [InlineData("1.5KiB", 1536)]
    [InlineData("10 MB", 10000000)]
    [InlineData("512", 512)]
    public void Size_InEveryForm_IsRead(string text, long bytes) => Assert.True(ByteSize.TryParse(text, out var read) && read == bytes);

    [Theory]
    [InlineData("MiB")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("9999999999GiB")]
    public void Size_InNoForm_IsRefused(string text) => Assert.False(ByteSize.TryParse(text, out _));

    [Fact]
    public void AnyKnownName_WithOneSlip_IsFound() => Gen.Select(Gen.Int[0, Names.Length - 1], Gen.Int[0, 100], Gen.Int[0, 3]).Sample((n, at, slip) =>
    {
        var name = Names[n];
        var i = at % (name.Length - 1);
        var typed = slip switch
        {
            0 => name.Remove(i, 1),
            1 => name.Insert(i, "q"),
            2 => $"{name[..i]}q{name[(i + 1)..]}",
            _ => $"{name[..i]}{name[i + 1]}{name[i]}{name[(i + 2)..]}",
        };
        return NearName.Of(typed, Names) == name;
    });

    private static readonly string[] Names = ["providers", "routing", "budgets", "circuit_breaker", "auth"];

    private static bool Reads(string text, TimeSpan expected) => Duration.TryParse(text, out var read) && read == expected;
}
