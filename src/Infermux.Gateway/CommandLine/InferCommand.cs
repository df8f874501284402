using System.CommandLine;
using System.Text.Json.Nodes;

namespace Infermux.Gateway.CommandLine;

/// <summary>
/// <c>infermux infer</c>: one request through a running gateway; prints the answer's text. It is a caller like any other, so it sends the caller's key and
/// never the management token, which a gateway without keys of its own would pass on to a provider.
/// </summary>
internal static class InferCommand
{
    private const string Auto = "auto";

    public static Command Create()
    {
        var server = ServerCommand.Server();
        var model = new Option<string>("--model") { Description = "Model to ask for; auto: the first that the gateway lists.", DefaultValueFactory = _ => Auto };
        var prompt = new Option<string?>("--prompt") { Description = "What to say; the first argument does as well." };
        var words = new Argument<string?>("text") { Arity = ArgumentArity.ZeroOrOne, Description = "What to say." };
        var command = new Command("infer", "Sends one chat request and prints the answer (INFERMUX_API_KEY: the caller's key).") { server, model, prompt, words };
        command.SetAction((parsed, cancellationToken) =>
            ServerCommand.RunAsync(parsed, parsed.GetValue(server)!, CallerKey, client => AskAsync(parsed, client, parsed.GetValue(model)!, parsed.GetValue(prompt) ?? parsed.GetValue(words), cancellationToken)));
        return command;
    }

    private static async Task<int> AskAsync(ParseResult parsed, ServerClient client, string model, string? text, CancellationToken cancellationToken)
    {
        if (text is null)
        {
            await parsed.InvocationConfiguration.Error.WriteLineAsync("Say something: infermux infer --model MODEL \"your prompt\".");
            return ExitCode.Failed;
        }

        var body = new JsonObject
        {
            ["model"] = model is Auto ? await FirstModelAsync(client, cancellationToken) : model,
            ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = text }),
        };
        var answer = await client.PostAsync("/v1/chat/completions", body, cancellationToken);
        await parsed.InvocationConfiguration.Output.WriteLineAsync(answer["choices"]?[0]?["message"]?["content"]?.ToString() ?? answer.ToJsonString());
        return ExitCode.Ok;
    }

    private static async Task<string> FirstModelAsync(ServerClient client, CancellationToken cancellationToken) =>
        (await client.GetAsync("/v1/models", cancellationToken))["data"] is JsonArray { Count: > 0 } models && models[0]?["id"]?.ToString() is { } first
            ? first
            : throw new ServerException("The gateway lists no model. Name one with --model.");

    private static string? CallerKey() => Environment.GetEnvironmentVariable("INFERMUX_API_KEY") is { Length: > 0 } key ? key : null;
}
