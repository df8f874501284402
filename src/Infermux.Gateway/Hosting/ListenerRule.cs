using Infermux.Gateway.Management;

namespace Infermux.Gateway.Hosting;

/// <summary>With <c>management_listen</c> each listener serves its own paths; the probes answer on both.</summary>
internal sealed class ListenerRule(RequestDelegate next)
{
    private static readonly string[] Probes = ["/healthz", "/readyz", "/_infermux/health"];

    public Task InvokeAsync(HttpContext http)
    {
        var role = Listener.RoleOf(http);
        if (role == ListenerRole.Everything || IsProbe(http.Request.Path) || (role == ListenerRole.Management) == IsManagement(http.Request.Path))
        {
            return next(http);
        }

        var (here, other) = role == ListenerRole.Management ? ("management", "listen") : ("inference", "management_listen");
        return ManagementJson.Problem(404, "not_found", $"This is the {here} listener; that path is served on {other}.").ExecuteAsync(http);
    }

    public static bool IsProbe(PathString path) => Probes.Any(probe => path.Equals(probe, StringComparison.OrdinalIgnoreCase));

    private static bool IsManagement(PathString path) =>
        path.StartsWithSegments("/_infermux", StringComparison.OrdinalIgnoreCase) || path.StartsWithSegments("/metrics", StringComparison.OrdinalIgnoreCase);
}
