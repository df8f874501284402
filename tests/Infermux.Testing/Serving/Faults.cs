namespace Infermux.Testing;

/// <summary>Wrongs that whole and streamed answers share.</summary>
internal static class Faults
{
    public const string HtmlPage = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body><h1>Sign in to the network</h1></body></html>\n";

    public static string Message(Exchange exchange) =>
        exchange.Behaviour.ErrorMessage ?? $"Scripted failure of '{exchange.Answer.Id}'.";

    public static WireEvent ErrorEvent(Exchange exchange) => exchange.Format.ErrorEvent(exchange.Behaviour.ErrorCode, Message(exchange));

    /// <summary>Writes until the caller hangs up, which is the only way out.</summary>
    public static async Task WriteForEverAsync(BodyWriter writer, string start)
    {
        await writer.TextAsync(start, content: false);
        var blanks = new byte[64 * 1024];
        blanks.AsSpan().Fill((byte)' ');
        while (true)
        {
            await writer.BytesAsync(blanks, content: false, last: false);
        }
    }
}
