using System.CommandLine;
using Infermux.Core.Configuration;
using Infermux.EmbeddedStore;
using Infermux.Hosting;
using Infermux.Hosting.Clustering;
using Infermux.Hosting.Configuration;
using Infermux.Hosting.Ledger;
using Infermux.Hosting.State;

namespace Infermux.Gateway.CommandLine;

/// <summary><c>infermux state</c>: what the store holds, asked of the store itself, so that it works while no gateway runs.</summary>
internal static class StateCommand
{
    public static Command Create() => new("state", "Looks at the stored state, accepts it after a loss, and moves it to another store.")
    {
        Epoch(), Adopt(), StateCopyCommands.Export(), StateCopyCommands.Import(),
    };

    private static Command Epoch()
    {
        var command = new Command("epoch", "Shows which ledger the store holds. Exit code 1 where hard budgets are refused because of it.");
        return Of(command, async (parsed, options, store, _) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var stored = await new LedgerEpochStore(store.Connection, options.Cluster.ServiceId).ReadAsync();
            if (stored is null)
            {
                await output.WriteLineAsync("epoch    none: the store was never used, or was emptied");
                return options.Cluster.LedgerEpoch is null ? ExitCode.Ok : ExitCode.Failed;
            }

            await output.WriteLineAsync($"epoch    {stored.Epoch}");
            await output.WriteLineAsync($"adopted  {(stored.Adopted == 0 ? "never" : DateTimeOffset.FromUnixTimeMilliseconds(stored.Adopted).ToString("u"))}");
            var pinned = options.Cluster.LedgerEpoch;
            var differs = pinned is not null && !string.Equals(pinned, stored.Epoch, StringComparison.Ordinal);
            await output.WriteLineAsync(stored.Doubted ? "in doubt: a gateway remembers another ledger"
                : differs ? $"in doubt: cluster.ledger_epoch is {pinned}"
                : "as it should be, as far as the store and the file can tell");
            return stored.Doubted || differs ? ExitCode.Failed : ExitCode.Ok;
        });
    }

    private static Command Adopt()
    {
        var yes = new Option<bool>("--yes", "-y") { Description = "Does it. Without this it only says what would happen." };
        var command = new Command("adopt", "Accepts the store as it is after it was emptied or set back: hard budgets are served again, from what it says was spent.") { yes };
        return Of(command, async (parsed, options, store, _) =>
        {
            var output = parsed.InvocationConfiguration.Output;
            var epochs = new LedgerEpochStore(store.Connection, options.Cluster.ServiceId);
            if (!parsed.GetValue(yes))
            {
                await output.WriteLineAsync(
                    "Hard budgets will count only what the store holds now; what was spent since it was emptied, or since the copy it was set back to, is forgotten. "
                    + "Repeat with --yes to accept that.");
                return ExitCode.Failed;
            }

            var adopted = await epochs.AdoptAsync(options.Cluster.LedgerEpoch, ProcessClock.FromEnvironment().GetUtcNow());
            await output.WriteLineAsync($"adopted  {adopted.Epoch}; silos serve hard budgets again within a second");
            return ExitCode.Ok;
        });
    }

    /// <summary>Adds the option that names the configuration, and opens its store around the verb.</summary>
    public static Command Of(
        Command command, Func<ParseResult, InfermuxOptions, StateStore, CancellationToken, Task<int>> run, StoreUse use = StoreUse.Shared)
    {
        var config = new Option<string?>("--config") { Description = "Configuration file that names the store (INFERMUX_CONFIG; default infermux.yml where it exists)." };
        command.Add(config);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            if (await ProcessConfiguration.LoadAsync(new ConfigurationRequest { Path = parsed.GetValue(config) }, error) is not { } loaded)
            {
                return ExitCode.Failed;
            }

            try
            {
                await using var store = await StateStore.OpenAsync(loaded.Snapshot.Options.Cluster, use, cancellationToken);
                return await run(parsed, loaded.Snapshot.Options, store, cancellationToken);
            }
            catch (Exception told) when (told is StateException or EmbeddedStoreException)
            {
                await error.WriteLineAsync(told.Message);
                return ExitCode.Unreachable;
            }
            catch (Exception refused) when (refused is StateFileException or IOException or UnauthorizedAccessException)
            {
                await error.WriteLineAsync(refused.Message);
                return ExitCode.Failed;
            }
            catch (Exception unanswered) when (StoreFailures.IsUnanswered(unanswered) && !cancellationToken.IsCancellationRequested)
            {
                await error.WriteLineAsync($"The store did not answer: {unanswered.Message} Look at it, and try again.");
                return ExitCode.Unreachable;
            }
        });
        return command;
    }
}
