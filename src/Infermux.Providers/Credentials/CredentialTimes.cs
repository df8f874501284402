namespace Infermux.Providers.Credentials;

/// <summary>When credentials that end are asked for anew.</summary>
public static class CredentialTimes
{
    /// <summary>How long before its end a credential is fetched anew: five minutes, as the vendors' own libraries have it.</summary>
    public static TimeSpan Ahead { get; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a credential is used whose end nobody told; a key in a file may have been replaced.</summary>
    public static TimeSpan Unsaid { get; } = TimeSpan.FromMinutes(15);

    /// <summary>How long after a fetch that failed, or that gave nothing newer, the issuer is left alone.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest that a fetch may take.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(30);
}
