using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Infermux.Gateway.CommandLine;

/// <summary>Asks a running gateway.</summary>
internal sealed class ServerClient : IDisposable
{
    private readonly HttpClient _http;

    /// <exception cref="ServerException">The address is none.</exception>
    public ServerClient(string server, string? token)
    {
        var text = server.Contains("://", StringComparison.Ordinal) ? server : $"http://{server}";
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            throw new ServerException($"'{server}' is not a server's address. Write one such as http://localhost:8080, with --server or INFERMUX_SERVER.");
        }

        _http = new HttpClient { Timeout = TimeSpan.FromSeconds(100), BaseAddress = address };
        if (token is not null) { _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token); }
    }

    /// <exception cref="ServerException">The server cannot be reached or refuses; the message says how to mend it.</exception>
    public Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path), cancellationToken);

    /// <exception cref="ServerException">As <see cref="GetAsync"/>.</exception>
    public Task<JsonNode> PostAsync(string path, JsonNode body, CancellationToken cancellationToken) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body.ToJsonString(), null, "application/json") }, cancellationToken);

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var server = _http.BaseAddress!.GetLeftPart(UriPartial.Authority);
        try
        {
            using (request)
            using (var answer = await _http.SendAsync(request, cancellationToken))
            {
                var text = await answer.Content.ReadAsStringAsync(cancellationToken);
                return answer.IsSuccessStatusCode
                    ? JsonNode.Parse(text) ?? throw new ServerException($"{server} answered nothing.")
                    : throw new ServerException($"{server} answered {(int)answer.StatusCode}: {Said(text)}{Mend((int)answer.StatusCode, request.RequestUri!)}");
            }
        }
        catch (HttpRequestException unreachable)
        {
            throw new ServerException($"Cannot reach {server}: {unreachable.Message}. Is it running? Name it with --server or INFERMUX_SERVER.", unreachable);
        }
        catch (TaskCanceledException slow) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ServerException($"{server} did not answer in {_http.Timeout.TotalSeconds} s.", slow);
        }
        catch (JsonException notJson)
        {
            throw new ServerException($"{server} did not answer with JSON. Is it an Infermux address?", notJson);
        }
    }

    private static string Mend(int status, Uri asked) => status switch
    {
        401 when asked.OriginalString.StartsWith("/v1/", StringComparison.Ordinal) => " Set INFERMUX_API_KEY to the key that callers send.",
        401 => " Set INFERMUX_MANAGEMENT_TOKEN to the gateway's.",
        404 when asked.OriginalString.StartsWith("/_infermux/", StringComparison.Ordinal) => " Where 'management_listen' is set, name that address with --server.",
        _ => "",
    };

    private static string Said(string body)
    {
        try
        {
            return JsonNode.Parse(body) is JsonObject said && said["error"] is JsonObject error ? error["message"]?.ToString() ?? body : body;
        }
        catch (JsonException)
        {
            return body.Length > 200 ? body[..200] : body;
        }
    }
}
