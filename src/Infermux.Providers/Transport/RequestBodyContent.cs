using System.Net;
using Infermux.Providers.Json;

namespace Infermux.Providers.Transport;

/// <summary>
/// The caller's body with a few values replaced, sent piece by piece from where it lies. The memory may be used for something else only once
/// <see cref="WhenQuiet"/> has ended: the network stack goes on reading it for a moment after an attempt was cancelled.
/// </summary>
public sealed class RequestBodyContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> _body;
    private readonly JsonEdits? _edits;
    private readonly Lock _gate = new();
    private TaskCompletionSource? _quiet;
    private int _writing;
    private bool _began;
    private bool _closed;

    internal RequestBodyContent(ReadOnlyMemory<byte> body, JsonEdits? edits = null, string contentType = "application/json")
    {
        _body = body;
        _edits = edits is { IsEmpty: false } ? edits : null;
        Headers.TryAddWithoutValidation("Content-Type", contentType);
    }

    /// <summary>The bytes that are sent, where none is edited on the way.</summary>
    internal ReadOnlyMemory<byte> WholeBody => _edits is null
        ? _body
        : throw new InvalidOperationException("A body that is edited while it is sent lies nowhere whole.");

    /// <summary>Ends when no write reads the body any more and, once the content is disposed, none will.</summary>
    public Task WhenQuiet()
    {
        lock (_gate)
        {
            return _writing == 0 ? Task.CompletedTask : (_quiet ??= new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }

    /// <summary>Whether no byte of it was ever written; from then on none will be.</summary>
    public bool CloseUnsent()
    {
        lock (_gate)
        {
            _closed |= !_began;
            return !_began;
        }
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Begin();
        try
        {
            await WriteAsync(stream, cancellationToken);
        }
        finally
        {
            End();
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = _edits?.LengthAfter(_body.Length) ?? _body.Length;
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        lock (_gate)
        {
            _closed = true;
        }

        base.Dispose(disposing);
    }

    private async Task WriteAsync(Stream stream, CancellationToken cancellationToken)
    {
        var read = 0;
        for (var i = 0; _edits is not null && i < _edits.InOrder.Length; i++)
        {
            var edit = _edits.InOrder[i];
            await stream.WriteAsync(_body[read..edit.Start], cancellationToken);
            await stream.WriteAsync(edit.Text, cancellationToken);
            read = edit.Start + edit.Length;
        }

        await stream.WriteAsync(_body[read..], cancellationToken);
    }

    private void Begin()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _began = true;
            _writing++;
        }
    }

    private void End()
    {
        TaskCompletionSource? ended = null;
        lock (_gate)
        {
            if (--_writing == 0)
            {
                (ended, _quiet) = (_quiet, null);
            }
        }

        ended?.SetResult();
    }
}
