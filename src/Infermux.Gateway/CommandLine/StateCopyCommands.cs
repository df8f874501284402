using System.CommandLine;
using System.Globalization;
using Infermux.Core.Configuration;
using Infermux.Hosting;
using Infermux.Hosting.State;

namespace Infermux.Gateway.CommandLine;

/// <summary><c>infermux state export</c> and <c>import</c>: all state into a file and out of it, so that it can go from one kind of store to another.</summary>
internal static class StateCopyCommands
{
    /// <summary>So much of a file is written at a time.</summary>
    private const int BufferBytes = 1 << 16;

    public static Command Export()
    {
        var command = new Command("export", "Writes all state to a new file that only its owner may read. Nothing may run on the store.");
        var named = NamedFile(command);
        return StateCommand.Of(command, async (parsed, options, store, cancellationToken) =>
        {
            var file = parsed.GetRequiredValue(named);
            var part = file + ".part";
            if (File.Exists(file))
            {
                throw new StateException($"'{file}' is there already and is left as it is. Name another file, or move it away.");
            }

            long keys;
            try
            {
                await using var stream = CreatePrivate(part);
                keys = await StateExport.WriteAsync(store.Connection, options.Cluster.ServiceId, stream, Now(), cancellationToken);
            }
            catch
            {
                File.Delete(part);
                throw;
            }

            File.Move(part, file);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                Inv($"exported  {keys} keys to {file}; it tells what callers spend, so keep it as you keep the store"));
            return ExitCode.Ok;
        }, StoreUse.CopiedFrom);
    }

    public static Command Import()
    {
        var command = new Command("import", "Puts the state of an exported file into an empty store. Nothing may run on the store.");
        var named = NamedFile(command);
        return StateCommand.Of(command, async (parsed, options, store, cancellationToken) =>
        {
            var file = parsed.GetRequiredValue(named);
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, useAsync: true);
            var (written, expired) = await StateImport.ReadAsync(store.Connection, options.Cluster.ServiceId, stream, Now(), cancellationToken);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(
                Inv($"imported  {written} entries{(expired > 0 ? Inv($"; {expired} had expired since they were exported") : "")}"));
            return ExitCode.Ok;
        }, StoreUse.CopiedTo);
    }

    private static Argument<string> NamedFile(Command command)
    {
        var file = new Argument<string>("file") { Description = "The state file." };
        command.Add(file);
        return file;
    }

    private static FileStream CreatePrivate(string path)
    {
        File.Delete(path); // left by an export that died; its mode is not to be trusted
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = BufferBytes };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(path, options);
    }

    private static DateTimeOffset Now() => ProcessClock.FromEnvironment().GetUtcNow();

    private static string Inv(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
