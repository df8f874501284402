namespace Infermux.Providers.Credentials;

/// <summary>A credential as its issuer gave it.</summary>
/// <param name="Value">The credential.</param>
/// <param name="Ends">When it ends; null: nobody said, and it is asked for again after <see cref="CredentialTimes.Unsaid"/>.</param>
/// <typeparam name="T">What it is.</typeparam>
public sealed record FetchedCredential<T>(T Value, DateTimeOffset? Ends);
