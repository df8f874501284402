using System.CommandLine;
using Infermux.Gateway.Management;

namespace Infermux.Gateway.CommandLine;

/// <summary>The executable <c>infermux</c>: its verbs, and <c>serve</c> where none is named.</summary>
internal static class CommandLineApp
{
    /// <summary>Runs one command line; the result is the exit code.</summary>
    /// <param name="args">The words after the executable's name.</param>
    /// <param name="output">Null: the console's.</param>
    /// <param name="error">Null: the console's.</param>
    public static Task<int> RunAsync(string[] args, TextWriter? output = null, TextWriter? error = null)
    {
        var root = new RootCommand("An LLM inference router. Without a verb it serves.")
        {
            ServeCommand.Create(),
            ValidateCommand.Create(),
            InitCommand.Create(),
            StatusCommand.Create(),
            ProvidersCommand.Create(),
            InferCommand.Create(),
            CostsCommand.Create(),
            BudgetsCommand.Create(),
            ConfigCommand.Create(),
            StateCommand.Create(),
            VersionCommand(),
        };
        var named = args is [] || (args[0].StartsWith('-') && args[0] is not ("--help" or "-h" or "-?" or "--version")) ? ["serve", .. args] : args;

        // The host itself listens for SIGTERM and SIGINT: it drains.
        return root.Parse(named).InvokeAsync(new InvocationConfiguration
        {
            ProcessTerminationTimeout = null,
            Output = output ?? Console.Out,
            Error = error ?? Console.Error,
        });
    }

    private static Command VersionCommand()
    {
        var command = new Command("version", "Prints the version.");
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.WriteLine($"infermux {StatusEndpoints.Version}"));
        return command;
    }
}
