using System.Text.Json;
using Infermux.Core.Configuration;
using Infermux.Core.Failures;
using Infermux.Core.Limits;
using Infermux.Core.Routing;
using Infermux.Providers.Failures;

namespace Infermux.Providers.Transport;

/// <summary>
/// Asks a provider out of band whether it lives. Dead: no connection, TLS failure, no answer in <c>health_check.timeout</c>, 5xx, or a refusal
/// of our own key. Any other answer proves life.
/// </summary>
public static class HealthCheck
{
    private const int MaxListing = 4 << 20;
    private const string Latest = ":latest";
    private const string GoogleModels = "models/";

    /// <summary>One check. Throws only when <paramref name="cancellationToken"/> fires.</summary>
    public static async Task<ProbeResult> RunAsync(ProviderOptions provider, IUpstreamTransport transport, CancellationToken cancellationToken)
    {
        if (provider.HealthCheck is { Disabled: true } or { Method: HealthCheckMethod.None }
            || Dialects.For(provider.Type).CreateHealthCheck(provider) is not { } request)
        {
            return new(Checked: false, Alive: true, "not checked");
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(provider.HealthCheck.Timeout);
        try
        {
            using (request)
            using (var answer = await transport.SendAsync(provider, request, limit.Token))
            {
                return await ReadAsync(provider, answer, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new(Checked: true, Alive: false, $"no answer within {provider.HealthCheck.Timeout.TotalSeconds:0.#} s (health_check.timeout)");
        }
        catch (CredentialUnavailableException none)
        {
            return new(Checked: true, Alive: false, none.Message);
        }
        catch (Exception unreachable) when (unreachable is HttpRequestException or IOException or System.Net.Sockets.SocketException)
        {
            return new(Checked: true, Alive: false, $"not reached: {SecretMask.Apply(unreachable.Message)}");
        }
    }

    private static async Task<ProbeResult> ReadAsync(ProviderOptions provider, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var status = (int)answer.StatusCode;
        var refusesOurKey = (provider.ApiKey is not null || ProviderEndpoint.Credential(provider) is CredentialNeed.Own)
            && (status is 401 or 403 || (status == 400 && await IsAboutKeyAsync(provider, answer, cancellationToken)));
        var alive = status < 500 && !refusesOurKey;
        var detail = refusesOurKey ? $"answered {status}: our credential is refused" : $"answered {status}";
        return new(Checked: true, alive, detail, answer.IsSuccessStatusCode ? await ListingAsync(provider, answer, cancellationToken) : null);
    }

    // Some vendors refuse a key with 400, like a bad request (Gemini, xAI).
    private static async Task<bool> IsAboutKeyAsync(ProviderOptions provider, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            using var body = await KeptAsync(answer, cancellationToken);
            var said = body is null ? [] : body.GetBuffer().AsSpan(0, (int)body.Length);
            return Dialects.For(provider.Type).ReadFailure(400, answer.Headers, said).Class == FailureClass.BadCredential;
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return false; // it answered, so it lives; what it said broke off
        }
    }

    private static async Task<IReadOnlyList<string>?> ListingAsync(ProviderOptions provider, HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        if (provider.Type == ProviderType.AzureOpenAi || provider.HealthCheck.Method != HealthCheckMethod.Models)
        {
            return null; // Azure lists base models, while requests name deployments
        }

        try
        {
            using var kept = await KeptAsync(answer, cancellationToken);
            using var listing = kept is null ? null : JsonDocument.Parse(kept.GetBuffer().AsMemory(0, (int)kept.Length));
            return listing is null ? null : Names(provider.Type, listing.RootElement);
        }
        catch (Exception e) when (e is JsonException or HttpRequestException or IOException)
        {
            return null; // it answered, so it lives; there is only nothing to learn from it
        }
    }

    /// <summary>The body; null where it is larger than a listing may be.</summary>
    private static async Task<MemoryStream?> KeptAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        await using var body = await answer.Content.ReadAsStreamAsync(cancellationToken);
        var kept = new MemoryStream();
        var piece = new byte[16 << 10];
        for (var read = await body.ReadAsync(piece, cancellationToken); read > 0; read = await body.ReadAsync(piece, cancellationToken))
        {
            kept.Write(piece, 0, read);
            if (kept.Length > MaxListing)
            {
                await kept.DisposeAsync();
                return null;
            }
        }

        return kept;
    }

    private static List<string>? Names(ProviderType type, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !(root.TryGetProperty("data", out var list) || root.TryGetProperty("models", out list))
            || list.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var names = new List<string>();
        foreach (var model in list.EnumerateArray())
        {
            if (model.ValueKind == JsonValueKind.Object && (model.TryGetProperty("id", out var name) || model.TryGetProperty("name", out name))
                && name.ValueKind == JsonValueKind.String && Generates(model))
            {
                Add(names, type, name.GetString()!);
            }
        }

        return names;
    }

    /// <summary>Google also lists models that are called in ways we do not have, and says so.</summary>
    private static bool Generates(JsonElement model) =>
        !model.TryGetProperty("supportedGenerationMethods", out var methods) || methods.ValueKind != JsonValueKind.Array
        || methods.EnumerateArray().Any(static method => method.ValueKind == JsonValueKind.String && method.GetString() is "generateContent" or "embedContent");

    /// <summary>Ollama lists <c>llama3.2:latest</c>, which requests may call <c>llama3.2</c>; Google lists <c>models/gemini-2.5-pro</c>.</summary>
    private static void Add(List<string> names, ProviderType type, string name)
    {
        name = type == ProviderType.Gemini && name.StartsWith(GoogleModels, StringComparison.Ordinal) ? name[GoogleModels.Length..] : name;
        names.Add(name);
        if (name.EndsWith(Latest, StringComparison.Ordinal))
        {
            names.Add(name[..^Latest.Length]);
        }
    }
}
