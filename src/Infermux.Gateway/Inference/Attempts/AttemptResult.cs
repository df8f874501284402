using Infermux.Core.Failures;

namespace Infermux.Gateway.Inference.Attempts;

/// <summary>How one attempt ended, seen from the request.</summary>
internal abstract record AttemptResult
{
    private AttemptResult()
    {
    }

    /// <summary>The caller has an answer, whole, or a stream that was committed and is over, however it ended.</summary>
    public sealed record Answered : AttemptResult
    {
        public static Answered Instance { get; } = new();
    }

    /// <summary>Nothing reached the caller; another provider may be asked where the class allows.</summary>
    public sealed record Failed(ProviderFailure Failure, bool OurCredential) : AttemptResult;

    /// <summary>This dialect cannot say the request; another provider may.</summary>
    public sealed record Unsayable(Providers.RequestRefusedException Refused) : AttemptResult;

    /// <summary>The caller hung up before the end of its answer.</summary>
    public sealed record CallerLeft : AttemptResult;
}
