namespace Infermux.Gateway.Hosting;

/// <summary>The listener that a connection came in by; a feature of the connection, since a port alone does not tell two addresses apart.</summary>
/// <param name="Role">What it serves.</param>
internal sealed record Listener(ListenerRole Role)
{
    public static ListenerRole RoleOf(HttpContext http) => http.Features.Get<Listener>()?.Role ?? ListenerRole.Everything;
}
