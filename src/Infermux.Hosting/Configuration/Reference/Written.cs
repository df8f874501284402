using System.Globalization;
using Infermux.Core.Configuration.Keys;

namespace Infermux.Hosting.Configuration.Reference;

/// <summary>Values as the file writes them.</summary>
internal static class Written
{
    /// <summary>The default of a key, or null where it has none that fits on a line.</summary>
    public static string? Default(object record, ConfigKey key) => key.Required ? null : key.Property.GetValue(record) switch
    {
        TimeSpan duration => Duration.Write(duration),
        Enum word => ConfigWords.Of(word),
        bool flag => flag ? "true" : "false",
        string text => text,
        long bytes when key.IsByteSize => ByteSize.Write(bytes),
        int bytes when key.IsByteSize => ByteSize.Write(bytes),
        IFormattable number => number.ToString(format: null, CultureInfo.InvariantCulture),
        _ => null,
    };
}
