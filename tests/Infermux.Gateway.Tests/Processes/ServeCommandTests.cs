using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Infermux.Gateway.Tests.Money;
using Infermux.Testing;

namespace Infermux.Gateway.Tests.Processes;

/// <summary>How <c>infermux serve</c> ends: 0 and its drain is <see cref="DrainTests"/>'.</summary>
public sealed class ServeCommandTests
{
    private const string Echo = "cluster: {store: memory}\nproviders: [{name: echo, type: echo}]\n";

    [Fact]
    public async Task Serve_BrokenFile_ExitsWith1AndSaysWhereAndHow()
    {
        using var folder = Folder("providers:\n  - {name: a, type: opnai}\n");

        var (code, error) = await GatewayProcess.RefusedAsync(folder.Path, "serve");

        Assert.Equal(1, code);
        Assert.Contains("infermux.yml:2:21: providers[0].type:", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_FileThatIsNotThere_ExitsWith1()
    {
        using var folder = new TemporaryFolder();

        var (code, error) = await GatewayProcess.RefusedAsync(folder.Path, "serve", "--config", "none.yml");

        Assert.Equal(1, code);
        Assert.Contains("Correct --config", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_PortTaken_ExitsWith3AndNamesTheAddress()
    {
        using var folder = Folder(Echo);
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var address = $"127.0.0.1:{((IPEndPoint)taken.LocalEndpoint).Port}";

        var (code, error) = await GatewayProcess.RefusedAsync(folder.Path, "serve", "--listen", address);

        Assert.Equal(3, code);
        Assert.Contains($"listen: {address} cannot be opened", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_Sigint_ExitsWith130()
    {
        using var folder = Folder($"listen: \"127.0.0.1:{FreePort.Next()}\"\n{Echo}");
        await using var gateway = await GatewayProcess.StartBareAsync(folder.Path);

        await gateway.Process.InterruptAsync();

        Assert.Equal(130, await gateway.EndedAsync());
    }

    [Fact]
    public async Task Serve_InAFolderWithAnotherProgramsSettings_NeitherReadsNorWatchesThem()
    {
        using var folder = Folder(Echo);
        File.WriteAllText(Path.Combine(folder.Path, "appsettings.json"), "{ half of another program's settings");

        await using var gateway = await GatewayProcess.StartBareAsync(folder.Path, "--listen", "127.0.0.1:0");

        Assert.Contains("listening", gateway.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(FilesOf(gateway.Process.Id), static file => file.Contains("inotify", StringComparison.Ordinal));
    }

    /// <summary>What its descriptors lead to; nothing of one that is closed meanwhile.</summary>
    private static IEnumerable<string> FilesOf(int process) => Directory
        .EnumerateFileSystemEntries(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/fd"))
        .Select(static descriptor => new FileInfo(descriptor).LinkTarget ?? "");

    private static TemporaryFolder Folder(string text)
    {
        var folder = new TemporaryFolder();
        File.WriteAllText(Path.Combine(folder.Path, "infermux.yml"), text);
        return folder;
    }
}
