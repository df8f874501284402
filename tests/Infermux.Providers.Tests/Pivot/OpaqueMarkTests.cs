using CsCheck;
using Infermux.Core.Configuration;
using Infermux.Providers.Pivot;
using Xunit;

namespace Infermux.Providers.Tests.Pivot;

public sealed class OpaqueMarkTests
{
    [Fact]
    public void Mark_OfAnyProviderAndModel_IsTakenOffByThemAlone() =>
        Gen.Select(Gen.String, Gen.String, Gen.String).Sample((provider, model, value) =>
        {
            var maker = Target(provider, model);
            var marked = OpaqueMark.Add(maker, value);

            Assert.Equal(value, OpaqueMark.Take(maker, marked));
            Assert.Null(OpaqueMark.Take(Target(provider + "2", model), marked));
            Assert.Null(OpaqueMark.Take(Target(provider, model + "-mini"), marked));
            Assert.True(OpaqueMark.TryRead(marked, out var namedProvider, out var namedModel, out _));
            Assert.Equal((provider, model), (namedProvider, namedModel));
        });

    [Fact]
    public void Mark_OfNamesWithDots_EndsAtTheThird() =>
        Assert.Equal("imx1.eu%2Eclaude.gpt-5%2E2.a.b", OpaqueMark.Add(Target("eu.claude", "gpt-5.2"), "a.b"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("EqQBCkYIBBgC")]
    [InlineData("imx1.only.two")]
    public void Value_WithoutAMark_HasNoMaker(string? value)
    {
        Assert.False(OpaqueMark.TryRead(value, out _, out _, out _));
        Assert.Null(OpaqueMark.Take(Target("p", "m"), value));
    }

    private static AttemptTarget Target(string provider, string model) =>
        new() { Provider = new ProviderOptions { Name = provider, Type = ProviderType.Anthropic }, Model = model };
}
