using System.Text.Json;
using Infermux.Providers.Pivot;

namespace Infermux.Providers.Gemini;

/// <summary>What classification needs of the <c>details</c> of a Google error.</summary>
/// <param name="Reasons"><c>ErrorInfo.reason</c>.</param>
/// <param name="QuotaIds"><c>QuotaFailure.violations[].quotaId</c>.</param>
internal sealed record ErrorDetails(IReadOnlySet<string> Reasons, IReadOnlyList<string> QuotaIds)
{
    /// <summary>Reads them; empty where the body has none.</summary>
    public static ErrorDetails Read(ReadOnlySpan<byte> body)
    {
        var reasons = new HashSet<string>(StringComparer.Ordinal);
        var quotas = new List<string>();
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            var error = (root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().FirstOrDefault() : root).Find("error") ?? default;
            foreach (var detail in error.List("details"))
            {
                reasons.UnionWith(detail.Text("reason") is { } reason ? [reason] : []);
                quotas.AddRange(detail.List("violations").Select(static violation => violation.Text("quotaId")).OfType<string>());
            }
        }
        catch (Exception bad) when (bad is JsonException or InvalidOperationException)
        {
            return new ErrorDetails(reasons, quotas); // a page or a text: it has no details
        }

        return new ErrorDetails(reasons, quotas);
    }
}
