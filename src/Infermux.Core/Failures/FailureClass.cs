namespace Infermux.Core.Failures;

/// <summary>Whose fault a failed attempt is and what follows, read by the dialect from status and body (never from the status alone).</summary>
public enum FailureClass
{
    /// <summary>The request itself is wrong; relayed at once.</summary>
    CallerFault,

    /// <summary>The prompt does not fit; only a provider with a larger known window may help.</summary>
    ContextTooLong,

    /// <summary>A content policy refused it; relayed at once.</summary>
    ContentFiltered,

    /// <summary>The provider does not have the model.</summary>
    ModelMissing,

    /// <summary>The credential was refused.</summary>
    BadCredential,

    /// <summary>The account is empty or its spend limit reached.</summary>
    QuotaExhausted,

    /// <summary>Too many requests or tokens for now.</summary>
    RateLimited,

    /// <summary>The provider has no capacity.</summary>
    Overloaded,

    /// <summary>The provider failed, or sent something that is not an answer.</summary>
    ServerFault,

    /// <summary>No first content in time.</summary>
    Timeout,

    /// <summary>No connection, TLS failure, or reset before the answer.</summary>
    Network,

    /// <summary>The answer began and ended without its terminal mark.</summary>
    BrokenStream,

    /// <summary>The caller hung up; nobody's fault.</summary>
    ClientGone,
}
