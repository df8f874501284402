using System.Globalization;
using System.Runtime.InteropServices;

namespace Infermux.Testing;

/// <summary>A scripted provider as a program.</summary>
internal static class CommandLine
{
    private const string Help = """
        A provider that speaks OpenAI, Azure OpenAI, Ollama (/v1) and Anthropic, misbehaves on request and counts what it billed.

        dotnet run --project tests/Infermux.Testing -- [flags]

          --port N            loopback port; 0 takes a free one (default 9101)
          --name TEXT         said in answers, ids and errors (default scripted)
          --key TEXT          the only credential accepted (default any)
          --models A,B        models served (default any)
          --price IN/OUT      USD per million tokens, every model (default 1/2)
          --bills-on          bills whole streams when the caller hangs up (default: up to the abort)
          --say TEXT          what it answers
          --words N           answers this many words
          --paced N/INTERVAL  streams N stamped words, one every INTERVAL (300/50ms)
          --fail STATUS       answers with this error status
          --retry-after V     with --fail: that header (2, date+2, soon)
          --fault NAME        goes wrong: resetAfterRequest, stallBeforeContent, cutWithoutEnd, ... (--faults lists them)
          --after N           content events before the fault (default 0)
          --share F           share of requests that go wrong (default 1)
          --latency D         delay before the head (200ms)
          --first D           delay before the first content
          --interval D        interval of the chunks
          --keep N            request records kept (default 1000, without bodies when 0)

        While it runs: GET /_script shows what it counted, GET /_script/requests each request, PUT /_script {"status":503} changes
        its behaviour, POST queues behaviours for the next requests, DELETE makes it calm again and empties the books.
        """;

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        try
        {
            if (args.Contains("--help", StringComparer.Ordinal) || args.Contains("-h", StringComparer.Ordinal))
            {
                Console.WriteLine(Help);
                return 0;
            }

            if (args.Contains("--faults", StringComparer.Ordinal))
            {
                Console.WriteLine(string.Join('\n', Enum.GetNames<Fault>()));
                return 0;
            }

            await ServeAsync(Options(Flags(args)));
            return 0;
        }
        catch (BadFlagException bad)
        {
            await Console.Error.WriteLineAsync($"{bad.Message} --help lists the flags.");
            return 2;
        }
    }

    private static async Task ServeAsync(ScriptedProviderOptions options)
    {
        await using var provider = await ScriptedProvider.StartAsync(options);
        Console.WriteLine($"{options.Name} listens on {provider.BaseUrl} (control: {provider.BaseUrl}/_script)");
        var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        await stop.Task;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.TrySetResult();
        }
    }

    private static Dictionary<string, string> Flags(IReadOnlyList<string> args)
    {
        var flags = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Count; i++)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || !Help.Contains($"  {args[i]} ", StringComparison.Ordinal))
            {
                throw new BadFlagException($"'{args[i]}' is no flag.");
            }

            flags[args[i][2..]] = args[i] is "--bills-on" ? "true"
                : i + 1 < args.Count ? args[++i]
                : throw new BadFlagException($"'{args[i]}' needs a value.");
        }

        return flags;
    }

    private static ScriptedProviderOptions Options(Dictionary<string, string> flags)
    {
        var price = Pair(flags, "price") is { } pair ? new ScriptedPrice(Decimal(pair.Left, "price"), Decimal(pair.Right, "price")) : new ScriptedPrice(1m, 2m);
        return new ScriptedProviderOptions
        {
            Port = Number(flags, "port") ?? 9101,
            Name = flags.GetValueOrDefault("name", "scripted"),
            ApiKey = flags.GetValueOrDefault("key"),
            Models = flags.GetValueOrDefault("models")?.Split(','),
            DefaultPrice = price,
            AbortRule = flags.ContainsKey("bills-on") ? AbortRule.BillsOn : AbortRule.StopsOnAbort,
            KeepRequests = Number(flags, "keep") ?? 1000,
            KeepBodies = Number(flags, "keep") is not 0,
            Behaviour = Behaviour(flags),
        };
    }

    private static Behaviour Behaviour(Dictionary<string, string> flags)
    {
        var paced = Pair(flags, "paced");
        var failing = Number(flags, "fail") is { } status ? Testing.Behaviour.Fails(status, flags.GetValueOrDefault("retry-after")) : Testing.Behaviour.Calm;
        return failing with
        {
            Fault = !flags.TryGetValue("fault", out var name) ? Fault.None
                : Enum.TryParse<Fault>(name, ignoreCase: true, out var fault) ? fault
                : throw new BadFlagException($"'{name}' is no fault; --faults lists them."),
            AfterEvents = Number(flags, "after") ?? 0,
            Share = flags.TryGetValue("share", out var share) ? (double)Decimal(share, "share") : 1,
            HeadDelay = Duration(flags, "latency"),
            FirstContentDelay = Duration(flags, "first"),
            ChunkInterval = paced is { } rate ? Duration(rate.Right, "paced") : Duration(flags, "interval"),
            Answer = new AnswerScript
            {
                Text = flags.GetValueOrDefault("say"),
                Words = paced is { } stream ? (int)Decimal(stream.Left, "paced") : Number(flags, "words") ?? 0,
                Stamped = paced is not null,
            },
        };
    }

    private static int? Number(Dictionary<string, string> flags, string name) => !flags.TryGetValue(name, out var text) ? null
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : throw new BadFlagException($"--{name} takes a whole number, not '{text}'.");

    private static decimal Decimal(string text, string name) => decimal.TryParse(text, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new BadFlagException($"--{name} takes a number, not '{text}'.");

    private static TimeSpan Duration(Dictionary<string, string> flags, string name) =>
        flags.TryGetValue(name, out var text) ? Duration(text, name) : TimeSpan.Zero;

    private static TimeSpan Duration(string text, string name)
    {
        try
        {
            return DurationConverter.Parse(text);
        }
        catch (System.Text.Json.JsonException bad)
        {
            throw new BadFlagException($"--{name}: {bad.Message}");
        }
    }

    private static (string Left, string Right)? Pair(Dictionary<string, string> flags, string name) => !flags.TryGetValue(name, out var text) ? null
        : text.Split('/') is [var left, var right] ? (left, right)
        : throw new BadFlagException($"--{name} takes two values with a slash between, not '{text}'.");
}
