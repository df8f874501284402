using System.Text;
using Infermux.Providers.Aws;
using Xunit;

namespace Infermux.Providers.Tests.Aws;

public sealed class SigV4Tests
{
    private const string Moment = "20150830T123600Z";
    private static readonly AwsCredentials Example = new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY");

    /// <summary>Cases of AWS's published test suite for signers: path, query, further headers, body, and the signature it must have.</summary>
    public static TheoryData<string, string, string, string, string, string> Published => new()
    {
        { "GET", "/", "", "x-amz-security-token:6e86291e8372ff2a2260956d9b8aae1d763fbf315fa00fa31553b73ebf194267", "", "07ec1639c89043aa0e3e2de82b96708f198cceab042d4a97044c66dd9f74e7f8" },
        { "GET", "/example space/", "", "", "", "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741" },
        { "GET", "/ሴ", "", "", "", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85" },
        { "GET", "/", "", "My-Header1: value1\nMy-Header2: \"a   b   c\"", "", "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736" },
        { "GET", "/", "", "My-Header1:value2\nMy-Header1:value2\nMy-Header1:value1", "", "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea" },
        { "GET", "/", "Param2=value2&Param1=value1", "", "", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500" },
        {
            "POST", "/", "",
            "Content-Type:application/x-www-form-urlencoded\nContent-Length:13\nx-amz-content-sha256:9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e",
            "Param1=value1", "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b"
        },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Signature_OfAPublishedCase_IsThePublishedOne(string method, string path, string query, string headers, string body, string expected)
    {
        var signed = headers.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(':', 2)).Select(static h => KeyValuePair.Create(h[0], h[1]))
            .Append(KeyValuePair.Create("Host", "example.amazonaws.com")).Append(KeyValuePair.Create("X-Amz-Date", Moment));
        var parts = new SignedParts(method, path, query, signed, SigV4.Hash(Encoding.UTF8.GetBytes(body)));
        var value = SigV4.Authorization(parts, Example, "us-east-1", "service");
        Assert.Equal(
            $"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders={parts.HeaderNames}, Signature={expected}", value);
    }

    [Fact]
    public void EscapesOfThePath_AreEscapedOnceMoreInWhatIsSigned()
    {
        var parts = new SignedParts("POST", "/model/us.anthropic.claude-v1%3A0/converse", "", [KeyValuePair.Create("x-amz-date", Moment)], SigV4.EmptyHash);
        Assert.StartsWith("POST\n/model/us.anthropic.claude-v1%253A0/converse\n\n", parts.Canonical(), StringComparison.Ordinal);
    }

    [Fact]
    public void Credentials_InWords_KeepTheSecret() =>
        Assert.Equal("AWS access key AKIDEXAMPLE", (Example with { SessionToken = "t" }).ToString());
}
