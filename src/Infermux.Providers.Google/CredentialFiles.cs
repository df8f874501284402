using System.Text.Json;
using Google.Apis.Auth.OAuth2;

namespace Infermux.Providers.Google;

/// <summary>Finds application default credentials, in the order that Google's libraries have.</summary>
/// <remarks>
/// The library's own <c>GetApplicationDefaultAsync</c> is not asked for them: what it found, or did not find, at its first call holds for the life of the
/// process, and a pod may start before its metadata server does.
/// </remarks>
internal static class CredentialFiles
{
    private const string Variable = "GOOGLE_APPLICATION_CREDENTIALS";
    private const string WellKnown = "application_default_credentials.json";

    /// <summary>The credential of a file; without one that of the environment's file, of gcloud's file, or of the machine.</summary>
    /// <param name="file"><c>vertex_credentials_file</c>; null: none is set.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<GoogleCredential> FindAsync(string? file, CancellationToken cancellationToken) =>
        (file ?? Given(Variable) ?? OfGcloud()) is { } path ? await ReadAsync(path, cancellationToken) : GoogleCredential.FromComputeCredential(new ComputeCredential());

    /// <summary>Where <see cref="FindAsync"/> looks, in words.</summary>
    public static string Place(string? file) => (file ?? Given(Variable) ?? OfGcloud()) is { } path
        ? $"The Google credentials file '{path}'"
        : "The metadata server, asked because there is no file of Google credentials,";

    // The library wants the type said beforehand, so that nobody is given another kind of credential unawares. This file is the operator's own.
    private static async Task<GoogleCredential> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var json = await File.ReadAllTextAsync(path, cancellationToken);
        using var document = JsonDocument.Parse(json);
        var type = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("type", out var said) ? said.ToString() : "";
        return CredentialFactory.FromJson(json, type);
    }

    private static string? OfGcloud()
    {
        var folder = Given("CLOUDSDK_CONFIG")
            ?? (OperatingSystem.IsWindows() ? Below(Given("APPDATA"), "gcloud") : Below(Given("HOME"), Path.Combine(".config", "gcloud")));
        return folder is not null && Path.Combine(folder, WellKnown) is var path && File.Exists(path) ? path : null;
    }

    private static string? Below(string? folder, string name) => folder is null ? null : Path.Combine(folder, name);

    private static string? Given(string variable) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value : null;
}
