using Infermux.Hosting.Listening;
using Infermux.Hosting.SelfChecks;

namespace Infermux.Hosting.Tests.Listening;

public sealed class ManagementTokenTests
{
    [Fact]
    public void Token_OfAFile_IsItsTextWithoutTheLineEnd() =>
        Assert.Equal(" s3cret ", Read(file: " s3cret \r\n", ("INFERMUX_MANAGEMENT_TOKEN_FILE", "/run/token")).Value);

    [Fact]
    public void Token_OfTheVariable_IsTakenAsItStands() => Assert.Equal("s3cret", Read(file: null, ("INFERMUX_MANAGEMENT_TOKEN", "s3cret")).Value);

    [Fact]
    public void Token_NeitherSet_IsNone() =>
        Assert.Null(Read(file: "unasked", ("INFERMUX_MANAGEMENT_TOKEN", ""), ("INFERMUX_MANAGEMENT_TOKEN_FILE", "")).Value);

    [Theory]
    [InlineData(null, "INFERMUX_MANAGEMENT_TOKEN_FILE: the file '/run/token' cannot be read. Mount it there and let this process read it.")]
    [InlineData("\n", "INFERMUX_MANAGEMENT_TOKEN_FILE: the file '/run/token' is empty. Write the token into it.")]
    public void Token_OfAFileThatHoldsNone_RefusesTheStartInsteadOfOpeningTheApi(string? file, string said) =>
        Assert.Equal(said, Assert.Throws<StartRefusedException>(() => Read(file, ("INFERMUX_MANAGEMENT_TOKEN_FILE", "/run/token"))).Message);

    [Fact]
    public void Token_OfBoth_IsRefused() =>
        Assert.Equal(
            "INFERMUX_MANAGEMENT_TOKEN_FILE: INFERMUX_MANAGEMENT_TOKEN is set too. Set one of the two.",
            Assert.Throws<StartRefusedException>(
                () => Read("a", ("INFERMUX_MANAGEMENT_TOKEN", "b"), ("INFERMUX_MANAGEMENT_TOKEN_FILE", "/run/token"))).Message);

    private static ManagementToken Read(string? file, params (string Name, string Value)[] set) =>
        ManagementToken.From(name => set.FirstOrDefault(s => s.Name == name).Value, path => path == "/run/token" ? file : null);
}
