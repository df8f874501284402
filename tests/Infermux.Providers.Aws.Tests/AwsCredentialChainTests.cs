using Amazon.Runtime;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Infermux.Providers.Aws.Tests;

public sealed class AwsCredentialChainTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 29, 12, 0, 0, TimeSpan.Zero));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Profiles_AreAskedForOnceEach()
    {
        var asked = new List<string?>();
        var chain = new AwsCredentialChain(_time, profile =>
        {
            lock (asked)
            {
                asked.Add(profile);
            }

            return profile is null ? new BasicAWSCredentials("AKIADEFAULT", "s") : new SessionAWSCredentials("ASIA" + profile, "s", "token");
        });
        for (var n = 0; n < 3; n++)
        {
            Assert.Equal(new AwsCredentials("AKIADEFAULT", "s"), await chain.GetAsync(null, Cancel));
            Assert.Equal(new AwsCredentials("ASIAdev", "s", "token"), await chain.GetAsync("dev", Cancel));
        }

        Assert.Equal([null, "dev"], asked);
    }

    [Fact]
    public async Task Credentials_ThatEnd_AreFetchedAnewBeforeTheirEnd()
    {
        var fetches = 0;
        var chain = new AwsCredentialChain(_time, _ => new Ending(_time.GetUtcNow().UtcDateTime.AddMinutes(30), Interlocked.Increment(ref fetches)));
        Assert.Equal("ASIA1", (await chain.GetAsync(null, Cancel)).AccessKeyId);
        _time.Advance(TimeSpan.FromMinutes(20));
        Assert.Equal("ASIA1", (await chain.GetAsync(null, Cancel)).AccessKeyId);
        _time.Advance(TimeSpan.FromMinutes(6));
        while ((await chain.GetAsync(null, Cancel)).AccessKeyId is "ASIA1")
        {
            await Task.Yield();
        }

        Assert.Equal(2, fetches);
    }

    [Fact]
    public async Task Chain_ThatFindsNothing_SaysTheMend()
    {
        var chain = new AwsCredentialChain(_time, static _ => throw new AmazonClientException("Unable to get IAM security credentials\nfrom EC2 Instance Metadata Service."));
        var none = await Assert.ThrowsAsync<CredentialUnavailableException>(async () => await chain.GetAsync(null, Cancel));
        Assert.Equal(
            "The AWS credential chain gives no credentials (Unable to get IAM security credentials). Set AWS_ACCESS_KEY_ID, a profile, or a role of the machine or pod; or api_key.",
            none.Message);
    }

    [Fact]
    public async Task Profile_ThatIsNotInTheFiles_IsNamed()
    {
        var chain = new AwsCredentialChain(_time);
        var none = await Assert.ThrowsAsync<CredentialUnavailableException>(async () => await chain.GetAsync("no-such-profile", Cancel));
        Assert.Contains("'no-such-profile' is not in the shared config", none.Message, StringComparison.Ordinal);
    }

    private sealed class Ending : AWSCredentials
    {
        private readonly int _number;

        public Ending(DateTime ends, int number) => (Expiration, _number) = (ends, number);

        public override ImmutableCredentials GetCredentials() => new($"ASIA{_number}", "s", "t");
    }
}
