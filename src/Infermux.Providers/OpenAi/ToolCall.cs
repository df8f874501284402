using System.Text.Json;

namespace Infermux.Providers.OpenAi;

/// <summary>Where the parts of one element of <c>tool_calls</c> lie in the JSON text, as far as repairs need them.</summary>
internal struct ToolCall
{
    /// <summary>Offset just after the element's <c>{</c>.</summary>
    public int InsertAt;

    /// <summary>Whether the element has any member.</summary>
    public bool HasMembers;

    public bool HasIndex;
    public int Index;
    public ByteRange IndexValue;

    /// <summary>The <c>id</c>'s value, quotes included.</summary>
    public ByteRange IdValue;

    /// <summary>Whether <c>id</c> is a string that is not empty.</summary>
    public bool HasId;

    /// <summary>What to cut to remove <c>id</c> with its comma.</summary>
    public ByteRange IdMember;

    /// <summary>Whether <c>function.name</c> is a string that is not empty.</summary>
    public bool HasName;

    /// <summary>What to cut to remove <c>function.name</c> with its comma.</summary>
    public ByteRange NameMember;

    /// <summary><c>function.arguments</c>.</summary>
    public ByteRange ArgumentsValue;

    public JsonTokenType ArgumentsKind;
}
