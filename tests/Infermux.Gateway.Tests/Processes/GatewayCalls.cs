using Infermux.Gateway.Tests.Support;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes;

internal static class GatewayCalls
{
    /// <summary>One chat request of caller <c>alice</c>.</summary>
    public static async Task<Answer> ChatAsync(this GatewayProcess gateway, string model, string prompt, bool stream = false, int cap = 20)
    {
        using var request = GatewayProcess.Chat(model, prompt, stream, cap);
        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new Answer(
            (int)response.StatusCode,
            body,
            response.Headers.ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase),
            response.TrailingHeaders.ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.OrdinalIgnoreCase));
    }
}
