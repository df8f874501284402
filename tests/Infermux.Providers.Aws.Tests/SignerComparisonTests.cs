using System.Globalization;
using System.Text;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;
using CsCheck;
using Xunit;

namespace Infermux.Providers.Aws.Tests;

/// <summary>Our signatures are those of AWS's own library.</summary>
public sealed class SignerComparisonTests
{
    private static readonly Gen<string> Model = Gen.OneOf(
        Gen.Const("us.anthropic.claude-haiku-4-5-20251001-v1:0"), Gen.Const("arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu.x-v1:0"),
        Gen.String[Gen.Char["abzAZ09-._~:/@%+ "], 1, 30].Where(static id => id is not ("." or ".."))); // a path would swallow those; the dialect refuses them

    private static readonly Gen<DateTime> Moment = Gen.Long[0, 4_000_000_000].Select(static seconds => DateTime.UnixEpoch.AddSeconds(seconds));

    [Fact]
    public void Signature_OfAnyModelBodyKeyAndMoment_IsTheLibrarys() =>
        Gen.Select(Model, Gen.String[0, 200], Gen.String[Gen.Char.AlphaNumeric, 1, 40], Gen.Bool, Moment).Sample(static (model, body, secret, temporary, moment) =>
        {
            var bytes = Encoding.UTF8.GetBytes(body);
            var keys = new AwsCredentials("AKIAEXAMPLE", secret, temporary ? "session+token/=" : null);
            var address = new Uri($"https://bedrock-runtime.us-east-1.amazonaws.com/model/{Uri.EscapeDataString(model)}/converse");
            var date = moment.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase) { ["host"] = address.Host, ["x-amz-date"] = date, ["content-type"] = "application/json" };
            if (keys.SessionToken is { } token)
            {
                headers["x-amz-security-token"] = token;
            }

            var ours = SigV4.Authorization(new SignedParts("POST", address.AbsolutePath, "", headers, SigV4.Hash(bytes)), keys, "us-east-1", "bedrock");
            Assert.Equal(Library.Sign(model, headers, bytes, keys, moment), ours);
        }, iter: 2_000);

    /// <summary>The library's own steps, which it keeps to its signers. It gets the model as a resource of the path, as its own client gives it.</summary>
    private sealed class Library : AWS4Signer
    {
        public static string Sign(string model, Dictionary<string, string> headers, byte[] body, AwsCredentials keys, DateTime moment)
        {
            var sorted = SortAndPruneHeaders(headers);
            var canonical = CanonicalizeRequest(
                new Uri("https://bedrock-runtime.us-east-1.amazonaws.com"), "/model/{modelId}/converse", "POST", sorted, "", Convert.ToHexStringLower(ComputeHash(body)),
                new Dictionary<string, string>(StringComparer.Ordinal) { ["{modelId}"] = model }, doubleEncode: true);
            var signed = ComputeSignature(
                new ImmutableCredentials(keys.AccessKeyId, keys.SecretAccessKey, keys.SessionToken), "us-east-1", moment, "bedrock", CanonicalizeHeaderNames(sorted), canonical);
            return signed.ForAuthorizationHeader;
        }
    }
}
