using CsCheck;
using Infermux.Hosting.Configuration.Substitution;

namespace Infermux.Hosting.Tests.Configuration;

public class SubstitutionTests
{
    private static readonly Gen<string> Name = Gen.Char["ABCXYZ_"].Array[1, 8].Select(c => new string(c));
    private static readonly Gen<string> Text = Gen.Char["ab$ {}:-?/\n'\"#"].Array[0, 30].Select(c => new string(c));

    [Theory]
    [InlineData("${A}", "one", true)]
    [InlineData("$A", "one", true)]
    [InlineData("x-${A}-${B}", "x-one-two", true)]
    [InlineData("${NONE:-fallback}", "fallback", true)]
    [InlineData("${EMPTY:-fallback}", "fallback", true)]
    [InlineData("${A:-fallback}", "one", true)]
    [InlineData("${NONE:-}", "", true)]
    [InlineData("${NONE:-${B}}", "two", true)]
    [InlineData("${NONE:-${NEITHER:-deep}}!", "deep!", true)]
    [InlineData("${A:?needed}", "one", true)]
    [InlineData("${EMPTY}", "", true)]
    [InlineData("${file:/key}", "from-file", true)]
    [InlineData("$${A}", "${A}", false)]
    [InlineData("$$A", "$A", false)]
    [InlineData("price $5, $A and $", "price $5, $A and $", false)]
    [InlineData("$A/x", "$A/x", false)]
    public void Scalar_Expanded_FollowsItsForm(string text, string expected, bool secret)
    {
        var result = Substituter().Expand(text);
        Assert.Equal((expected, secret), (result.Text, result.IsSecret));
        Assert.Empty(result.Problems);
    }

    [Theory]
    [InlineData("${NONE}", true)]
    [InlineData("$NONE", true)]
    [InlineData("${NONE:?must be set}", false)]
    [InlineData("${EMPTY:?must be set}", false)]
    [InlineData("${file:/missing}", false)]
    [InlineData("${A", false)]
    [InlineData("${A-legacy}", false)]
    [InlineData("${}", false)]
    [InlineData("${1A}", false)]
    public void Scalar_ThatCannotBeExpanded_IsOneProblemWithAMend(string text, bool warning)
    {
        var problem = Assert.Single(Substituter().Expand(text).Problems);
        Assert.Equal(warning, problem.IsWarning);
        Assert.NotEmpty(problem.Mend);
    }

    [Fact]
    public void AnyText_WithItsDollarsDoubled_ComesBackAsItWas() => Text.Sample(text =>
        Substituter().Expand(text.Replace("$", "$$", StringComparison.Ordinal)) is { IsSecret: false, Problems.Count: 0 } result && result.Text == text);

    [Fact]
    public void AnyValue_Substituted_ArrivesVerbatimAndIsNeverExpandedAgain() => Gen.Select(Name, Text).Sample((name, value) =>
    {
        var result = new Substituter(n => n == name ? value : null, _ => null).Expand($"<${{{name}}}>");
        return result.IsSecret && result.Problems.Count == 0 && result.Text == $"<{value}>";
    });

    [Fact]
    public void AnyDefault_OfAnUnsetVariable_IsUsedAndOfASetOneIsNot() => Gen.Select(Name, Gen.Char["abc:-?/ "].Array[0, 12]).Sample((name, fallback) =>
    {
        var text = $"${{{name}:-{new string(fallback)}}}";
        return new Substituter(_ => null, _ => null).Expand(text).Text == new string(fallback)
            && new Substituter(_ => "set", _ => null).Expand(text).Text == "set";
    });

    private static Substituter Substituter() => new(
        name => name switch { "A" => "one", "B" => "two", "EMPTY" => "", _ => null }, path => path == "/key" ? "from-file\r\n" : null);
}
