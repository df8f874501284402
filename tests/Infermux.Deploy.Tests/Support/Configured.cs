using Infermux.Core.Configuration;
using Infermux.Gateway.CommandLine;
using Infermux.Hosting.Configuration;
using Infermux.Manifests;
using Infermux.Testing;
using k8s.Models;

namespace Infermux.Deploy.Tests.Support;

/// <summary>The configuration as a pod finds it: the mounted file, with the mounted secrets.</summary>
internal static class Configured
{
    static Configured() => Environment.SetEnvironmentVariable("POD_IP", "10.1.2.3"); // the one variable that the files name

    /// <summary>The options that a Deployment's pods start with, and what <c>infermux validate --strict</c> says.</summary>
    public static async Task<(InfermuxOptions Options, int Code, string Said)> ReadAsync(Rendering rendering, V1Deployment deployment)
    {
        using var root = new TemporaryFolder();
        var next = 40_000;
        var pod = new LocalPod(
            rendering, deployment.Name(), root.Path, name => name == "infermux-tls" ? Certificate.Files : Secrets.Of(rendering, name), () => next++);
        var file = pod.Environment.Single(variable => variable.StartsWith("INFERMUX_CONFIG=", StringComparison.Ordinal)).Split('=')[1];
        using var said = new StringWriter();
        var code = await CommandLineApp.RunAsync(["validate", "--strict", "--offline", "--config", file], TextWriter.Null, said);
        var loaded = ConfigurationLoader.OfThisProcess.Load(new ConfigurationRequest { Path = file, FilesNeeded = true, FileRequired = true }).Loaded;
        return (loaded?.Snapshot.Options ?? new(), code, said.ToString());
    }
}
