using System.Globalization;
using System.Net;
using Yarp.ReverseProxy.Forwarder;

namespace Infermux.HttpBench;

/// <summary>YARP's direct forwarder with nothing around it: what a reverse proxy of this runtime costs when it does none of our work.</summary>
internal static class BareYarp
{
    public static async Task<int> RunAsync(int port, string upstream)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Services.AddHttpForwarder();
        var app = builder.Build();
        using var client = new HttpMessageInvoker(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            UseCookies = false,
            EnableMultipleHttp2Connections = true,
        });
        app.MapGet("/_bench/allocated", () => GC.GetTotalAllocatedBytes().ToString(CultureInfo.InvariantCulture));
        app.MapForwarder("/{**path}", upstream, new ForwarderRequestConfig(), HttpTransformer.Default, client);
        await app.RunAsync();
        return 0;
    }
}
