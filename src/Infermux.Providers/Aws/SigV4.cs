using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Infermux.Providers.Aws;

/// <summary>
/// AWS Signature Version 4. Pure: what is signed goes in, the <c>Authorization</c> header comes out. The path is the one of the request line; every service
/// but S3 wants its escapes escaped once more in what is signed, so that <c>%3A</c> of a model id becomes <c>%253A</c>.
/// </summary>
internal static class SigV4
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The hash of no body.</summary>
    public const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>A moment as <c>x-amz-date</c> has it.</summary>
    public static string Date(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The hash of a body, as it is signed.</summary>
    public static string Hash(ReadOnlySpan<byte> body) => Convert.ToHexStringLower(SHA256.HashData(body));

    /// <summary>The value of the <c>Authorization</c> header.</summary>
    /// <param name="request">What is signed.</param>
    /// <param name="credentials">Who signs.</param>
    /// <param name="region">Where, such as <c>us-east-1</c>.</param>
    /// <param name="service">For whom, such as <c>bedrock</c>.</param>
    public static string Authorization(SignedParts request, AwsCredentials credentials, string region, string service)
    {
        var date = request.Date;
        var scope = $"{date[..8]}/{region}/{service}/aws4_request";
        var toSign = $"{Algorithm}\n{date}\n{scope}\n{Hash(Encoding.UTF8.GetBytes(request.Canonical()))}";
        var signature = Convert.ToHexStringLower(Mac(SigningKey(credentials.SecretAccessKey, date[..8], region, service), toSign));
        return $"{Algorithm} Credential={credentials.AccessKeyId}/{scope}, SignedHeaders={request.HeaderNames}, Signature={signature}";
    }

    private static byte[] SigningKey(string secret, string day, string region, string service)
    {
        var key = Mac(Encoding.UTF8.GetBytes("AWS4" + secret), day);
        key = Mac(key, region);
        key = Mac(key, service);
        return Mac(key, "aws4_request");
    }

    private static byte[] Mac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
