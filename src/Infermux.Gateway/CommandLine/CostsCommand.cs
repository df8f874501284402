using System.CommandLine;
using System.Text.Json.Nodes;

namespace Infermux.Gateway.CommandLine;

/// <summary><c>infermux costs</c>: this month's money, in all and by caller.</summary>
internal static class CostsCommand
{
    private static readonly string[] Columns = ["CALLER", "USD", "BUDGET", "REMAINING", "REQUESTS", "PROMPT", "COMPLETION"];

    public static Command Create()
    {
        var (server, format) = (ServerCommand.Server(), ServerCommand.Format("table", "json"));
        var command = new Command("costs", "Shows what this month cost, in all and by caller.") { server, format };
        command.SetAction((parsed, cancellationToken) => ServerCommand.RunAsync(parsed, parsed.GetValue(server)!, ServerCommand.Token, async client =>
        {
            var totals = await client.GetAsync("/_infermux/costs", cancellationToken);
            var callers = await client.GetAsync("/_infermux/costs/by-caller", cancellationToken);
            if (parsed.GetValue(format) is "json")
            {
                Tables.WriteJson(parsed.InvocationConfiguration.Output, new JsonObject { ["totals"] = totals, ["by_caller"] = callers });
                return ExitCode.Ok;
            }

            parsed.InvocationConfiguration.Output.WriteLine($"{totals["period"]}: {totals["total_usd"]} USD, {totals["requests"]} requests");
            Tables.Write(parsed.InvocationConfiguration.Output, Columns, callers["callers"]!.AsArray().Select(c => (IReadOnlyList<string>)
            [
                Text(c, "caller"), Text(c, "total_usd"), Text(c, "budget_usd"), Text(c, "budget_remaining_usd"), Text(c, "requests"), Text(c, "prompt_tokens"),
                Text(c, "completion_tokens"),
            ]));
            return ExitCode.Ok;
        }));
        return command;
    }

    private static string Text(JsonNode? row, string key) => row?[key]?.ToString() ?? "-";
}
