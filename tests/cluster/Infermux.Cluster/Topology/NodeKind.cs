using Infermux.Testing;

namespace Infermux.Cluster.Topology;

/// <summary>A kind of process: what is started in a folder with an <c>infermux.yml</c>. Further kinds are further values here.</summary>
/// <param name="Name">Said in names of nodes and in logs.</param>
/// <param name="Program">The assembly; where it is, <see cref="Programs"/> says.</param>
/// <param name="Arguments">Its command line.</param>
/// <param name="Ready">What stands before the rest of the line that says it is ready.</param>
/// <param name="Serves">Whether it answers callers, so that the balancer sends to it.</param>
internal sealed record NodeKind(string Name, string Program, IReadOnlyList<string> Arguments, string Ready, bool Serves)
{
    /// <summary>HTTP edge and silo in one process.</summary>
    public static NodeKind AllInOne { get; } = new("all-in-one", "infermux.dll", [], "  listening  ", Serves: true);

    /// <summary>A silo alone; its listener answers those who watch it.</summary>
    public static NodeKind Silo { get; } = new("silo", "infermux-silo.dll", [], "  silo  ", Serves: false);

    /// <summary>The HTTP edge alone.</summary>
    public static NodeKind Gateway { get; } = new("gateway", "infermux.dll", ["serve", "--role", "gateway"], "  listening  ", Serves: true);

    /// <summary><c>NAME=value</c>, given to the process on top of what it inherits.</summary>
    public IReadOnlyList<string> Environment { get; init; } = [];

    public ChildProcess Launch(string folder) =>
        ChildProcess.Start("env", [.. Environment, "dotnet", Programs.Path(Program), .. Arguments], folder, Ready);
}
