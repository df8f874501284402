namespace Infermux.Testing;

/// <summary>What a scripted provider does wrong. At most one per request; delays, status and wire shape combine with any of them.</summary>
public enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>
    /// The connection is reset as soon as it is accepted. Only as the standing behaviour: no request has been read by then. A connection that was open before
    /// answers one request more and then closes.
    /// </summary>
    ResetOnConnect,

    /// <summary>The connection is reset after the request was read, before any byte of an answer.</summary>
    ResetAfterRequest,

    /// <summary>The connection is reset after the response head.</summary>
    ResetAfterHead,

    /// <summary>The connection is reset after <see cref="Behaviour.AfterEvents"/> content events; a whole answer after half of its body.</summary>
    ResetAfterEvents,

    /// <summary>Nothing is sent until the caller hangs up.</summary>
    StallBeforeHead,

    /// <summary>The head and the role event are sent, then only <see cref="Behaviour.Fill"/> until the caller hangs up.</summary>
    StallBeforeContent,

    /// <summary>As many content events as <see cref="Behaviour.AfterEvents"/>, then only <see cref="Behaviour.Fill"/> until the caller hangs up.</summary>
    StallAfterEvents,

    /// <summary>A whole answer cut inside its JSON with the right length; in a stream an event whose data is not JSON, then the end.</summary>
    MalformedAnswer,

    /// <summary>An HTML page with status 200.</summary>
    Html,

    /// <summary>Status 200 and no body at all.</summary>
    EmptyBody,

    /// <summary>A body that never ends: blanks after the first brace, in a stream one data line, until the caller hangs up.</summary>
    EndlessBody,

    /// <summary>The dialect's error event after <see cref="Behaviour.AfterEvents"/> content events; a whole answer is the error body with status 200.</summary>
    ErrorEvent,

    /// <summary>The body ends cleanly after <see cref="Behaviour.AfterEvents"/> content events; a whole answer ends before its stated length.</summary>
    CutWithoutEnd,

    /// <summary>Everything is sent but the terminal mark (<c>[DONE]</c>, <c>message_stop</c>).</summary>
    NoTerminalMark,
}
