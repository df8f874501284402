using System.CommandLine;
using System.Text.Json.Nodes;

namespace Infermux.Gateway.CommandLine;

/// <summary><c>infermux budgets</c>: accounts with a limit, or one account.</summary>
internal static class BudgetsCommand
{
    private static readonly string[] Columns = ["ACCOUNT", "LIMIT", "SETTLED", "RESERVED", "OPEN", "ACTION", "ORIGIN"];

    public static Command Create()
    {
        var (server, format) = (ServerCommand.Server(), ServerCommand.Format("table", "json"));
        var caller = new Argument<string?>("caller") { Arity = ArgumentArity.ZeroOrOne, Description = "One caller; without it all that the file names." };
        var command = new Command("budgets", "Shows accounts: limit, settled, reserved.") { server, format, caller };
        command.SetAction((parsed, cancellationToken) => ServerCommand.RunAsync(parsed, parsed.GetValue(server)!, ServerCommand.Token, async client =>
        {
            var one = parsed.GetValue(caller) is { } name ? $"/{Uri.EscapeDataString(name)}" : "";
            var answer = await client.GetAsync($"/_infermux/budgets{one}", cancellationToken);
            if (parsed.GetValue(format) is "json")
            {
                Tables.WriteJson(parsed.InvocationConfiguration.Output, answer);
                return ExitCode.Ok;
            }

            var rows = answer as JsonArray ?? [answer.DeepClone()];
            Tables.Write(parsed.InvocationConfiguration.Output, Columns, rows.Select(a => (IReadOnlyList<string>)
                [Text(a, "account"), Text(a, "limit_usd"), Text(a, "settled"), Text(a, "reserved"), Text(a, "open_holds"), Text(a, "action"), Text(a, "origin")]));
            return ExitCode.Ok;
        }));
        return command;
    }

    private static string Text(JsonNode? row, string key) => row?[key]?.ToString() ?? "-";
}
