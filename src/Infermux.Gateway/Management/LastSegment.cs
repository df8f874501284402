using Microsoft.AspNetCore.Http.Features;

namespace Infermux.Gateway.Management;

/// <summary>The name at the end of a path, as it was meant.</summary>
internal static class LastSegment
{
    // Route values leave %2F as it is, and then a caller named 'a/b' cannot be told from one named 'a%2Fb'.
    public static string Of(HttpContext http)
    {
        var path = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        return Uri.UnescapeDataString(path[(path.LastIndexOf('/') + 1)..]);
    }
}
