using System.IO.Pipelines;

namespace Infermux.Providers.Echo;

/// <summary>Writes one echo answer as server-sent events into a pipe; <c>lorem</c> takes 20 ms a word, so that a stream looks like one.</summary>
internal sealed class EchoStream(EchoAnswer answer, TimeProvider time)
{
    private static readonly TimeSpan WordPause = TimeSpan.FromMilliseconds(20);

    public Stream Open()
    {
        var pipe = new Pipe();
        _ = WriteAsync(pipe.Writer); // ends with the pipe: its errors reach the reader through CompleteAsync
        return pipe.Reader.AsStream();
    }

    private async Task WriteAsync(PipeWriter writer)
    {
        try
        {
            await WriteEventsAsync(writer);
            await writer.CompleteAsync();
        }
        catch (Exception failed)
        {
            await writer.CompleteAsync(failed);
        }
    }

    private async Task WriteEventsAsync(PipeWriter writer)
    {
        var first = true;
        foreach (var piece in Pieces())
        {
            if (!await WriteEventAsync(writer, answer.Chunk(piece, first)))
            {
                return; // nobody reads any more
            }

            first = false;
            if (answer.IsLorem)
            {
                await Task.Delay(WordPause, time);
            }
        }

        await WriteEventAsync(writer, answer.Chunk(piece: null, first));
        if (answer.IncludeUsage)
        {
            await WriteEventAsync(writer, answer.UsageChunk());
        }

        await WriteEventAsync(writer, "[DONE]"u8.ToArray());
    }

    private IEnumerable<string> Pieces()
    {
        var start = 0;
        for (var i = 1; i < answer.Text.Length; i++)
        {
            if (answer.Text[i] == ' ')
            {
                yield return answer.Text[start..i];
                start = i;
            }
        }

        yield return answer.Text[start..];
    }

    private static async ValueTask<bool> WriteEventAsync(PipeWriter writer, byte[] data)
    {
        await writer.WriteAsync("data: "u8.ToArray());
        await writer.WriteAsync(data);
        return !(await writer.WriteAsync("\n\n"u8.ToArray())).IsCompleted;
    }
}
