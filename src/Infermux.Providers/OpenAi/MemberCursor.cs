using System.Text.Json;

namespace Infermux.Providers.OpenAi;

/// <summary>Walks the members of one object and knows what to cut so that one of them goes away together with its comma.</summary>
/// <param name="afterBrace">Offset just after the object's <c>{</c>.</param>
internal struct MemberCursor(int afterBrace)
{
    private int _previousEnd = afterBrace;
    private int _nameStart;
    private int _second; // where the second member's name begins

    /// <summary>Where the first member's name begins; just after the brace where there is none.</summary>
    public int First { get; private set; } = afterBrace;

    /// <summary>Whether the object has a member.</summary>
    public bool Any { get; private set; }

    /// <summary>Goes to the next member's name; false at the object's end.</summary>
    public bool Next(ref Utf8JsonReader reader)
    {
        var end = (int)reader.BytesConsumed; // the end of the value just read, or the brace
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName)
        {
            return false;
        }

        _previousEnd = end;
        _nameStart = (int)reader.TokenStartIndex;
        if (!Any)
        {
            First = _nameStart;
        }
        else if (_second == 0)
        {
            _second = _nameStart;
        }

        Any = true;
        return true;
    }

    /// <summary>The member whose value the reader has just passed, with the comma before it.</summary>
    public readonly ByteRange Member(in Utf8JsonReader reader)
    {
        var from = _nameStart == First ? _nameStart : _previousEnd;
        return new ByteRange(from, (int)reader.BytesConsumed - from);
    }

    /// <summary>Completes a range of <see cref="Member"/> once the object was read: the first member's comma is the one behind it.</summary>
    public readonly ByteRange Cut(ByteRange member) =>
        member.Exists && member.Start == First && _second > 0 ? new ByteRange(First, _second - First) : member;
}
