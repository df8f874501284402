namespace Infermux.Providers.Messages;

/// <summary>Notices when the pieces of a call's arguments make up a whole JSON object, without keeping them.</summary>
internal struct ArgumentsEnd
{
    private int _depth;
    private bool _inString;
    private bool _escaped; // inside a string of the arguments, after a backslash
    private int _hex;      // digits left of an escape of the string that carries the arguments
    private int _unit;
    private bool _outerEscape;

    /// <summary>Whether an object began and ended.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Takes a piece, given as the raw bytes of a JSON string; a piece may end inside an escape only where the string does.</summary>
    public void Take(ReadOnlySpan<byte> raw)
    {
        foreach (var b in raw)
        {
            if (_hex > 0)
            {
                _unit = (_unit << 4) | Convert.ToInt32(((char)b).ToString(), 16);
                if (--_hex == 0)
                {
                    Next(_unit);
                }
            }
            else if (_outerEscape)
            {
                _outerEscape = false;
                (_hex, _unit) = b == (byte)'u' ? (4, 0) : (0, 0);
                if (b != (byte)'u')
                {
                    Next(b is (byte)'"' or (byte)'\\' or (byte)'/' ? b : ' '); // the rest are blanks of one kind or another
                }
            }
            else if (b == (byte)'\\')
            {
                _outerEscape = true;
            }
            else
            {
                Next(b);
            }
        }
    }

    private void Next(int unit)
    {
        if (_escaped)
        {
            _escaped = false;
        }
        else if (_inString)
        {
            _escaped = unit == '\\';
            _inString = unit != '"';
        }
        else if (unit == '"')
        {
            _inString = true;
        }
        else if (unit is '{' or '[')
        {
            _depth++;
        }
        else if (unit is '}' or ']')
        {
            IsWhole |= --_depth == 0;
        }
    }
}
