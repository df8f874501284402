using System.Text;
using System.Text.Json;

namespace Infermux.Testing;

/// <summary>One dialect as its server speaks it.</summary>
internal interface IWireFormat
{
    /// <summary>Reads and checks a request.</summary>
    /// <exception cref="BadCallException">The server would refuse it.</exception>
    Call Read(Route route, JsonElement body, IHeaderDictionary headers);

    /// <summary>The whole answer's body.</summary>
    string Whole(Call call, Answer answer);

    /// <summary>The whole answer's bytes.</summary>
    byte[] WholeBytes(Call call, Answer answer) => Encoding.UTF8.GetBytes(Whole(call, answer));

    /// <summary>Content type of a whole answer.</summary>
    string WholeType(Call call) => "application/json";

    /// <summary>Whether a whole answer tells its length before.</summary>
    bool TellsLength => true;

    /// <summary>The streamed answer, terminal mark included. Lazy, so that stamps are taken at the moment of writing.</summary>
    IEnumerable<WireEvent> Stream(Call call, Answer answer, TimeProvider time);

    /// <summary>An error body, or the data of an error event.</summary>
    string Error(int status, string? code, string message, string? param = null);

    /// <summary>The error event of a stream.</summary>
    WireEvent ErrorEvent(string? code, string message);

    /// <summary>What keeps a silent stream alive; null: the dialect has nothing but comments.</summary>
    WireEvent? Ping { get; }

    /// <summary>What a wrong credential gets.</summary>
    BadCallException WrongKey() => new(401, "Incorrect API key provided.");

    /// <summary>Content type of a stream.</summary>
    string StreamType => "text/event-stream; charset=utf-8";

    /// <summary>Headers that an error answer carries.</summary>
    IEnumerable<KeyValuePair<string, string>> ErrorHeaders(int status, string? code) => [];

    /// <summary>An event as the bytes of a frame; null: it goes as text (SSE).</summary>
    byte[]? Frame(WireEvent wireEvent) => null;
}
