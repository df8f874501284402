using Infermux.Core.Configuration;
using Infermux.Core.Pricing;

namespace Infermux.Gateway.Tests.Support;

/// <summary>Requests and prices of what is passed through.</summary>
internal static class MeteredSetup
{
    /// <summary>The same price at every provider.</summary>
    public static InfermuxOptions Priced(this InfermuxOptions options, string model, PriceOverride price) => options with
    {
        Pricing = new PricingOptions
        {
            Overrides = options.Providers.ToDictionary(
                p => p.Name,
                IReadOnlyDictionary<string, PriceOverride> (_) => new Dictionary<string, PriceOverride>(StringComparer.Ordinal) { [model] = price },
                StringComparer.Ordinal),
        },
    };

    /// <summary>A form whose file comes before its model, as some clients send it.</summary>
    public static byte[] Form(string boundary, byte[] file, string fileField, params (string Name, string Value)[] fields)
    {
        using var body = new MemoryStream();
        body.Write(System.Text.Encoding.ASCII.GetBytes(
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"{fileField}\"; filename=\"a b.bin\"\r\nContent-Type: application/octet-stream\r\n\r\n"));
        body.Write(file);
        foreach (var (name, value) in fields)
        {
            body.Write(System.Text.Encoding.UTF8.GetBytes($"\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}"));
        }

        body.Write(System.Text.Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n"));
        return body.ToArray();
    }

    /// <summary>Bytes of every value, among them line ends and dashes, but never the boundary.</summary>
    public static byte[] File(int length)
    {
        var file = new byte[length];
        new Random(7).NextBytes(file);
        "\r\n--not-it\r\n\r\n--"u8.CopyTo(file.AsSpan(Math.Min(20, length - 16)));
        return file;
    }

    public static async Task<Answer> PostFormAsync(this TestGateway gateway, string path, string boundary, byte[] body, params string[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={boundary}");
        foreach (var header in headers)
        {
            var cut = header.IndexOf('=', StringComparison.Ordinal);
            request.Headers.TryAddWithoutValidation(header[..cut], header[(cut + 1)..]);
        }

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.ReadAsync(response);
    }
}
