using System.Runtime.CompilerServices;

namespace Infermux.Core.Tests.Budgets.Simulation;

/// <summary>What to say when an invariant does not hold; not even put together when it does.</summary>
[InterpolatedStringHandler]
internal ref struct SimText
{
    private DefaultInterpolatedStringHandler _text;

    public SimText(int literalLength, int formattedCount, bool holds, out bool broken)
    {
        broken = !holds;
        _text = broken ? new(literalLength, formattedCount) : default;
    }

    public void AppendLiteral(string value) => _text.AppendLiteral(value);

    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    public override string ToString() => _text.ToStringAndClear();
}
