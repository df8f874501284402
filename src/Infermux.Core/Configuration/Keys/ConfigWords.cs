using System.Reflection;
using System.Text.Json;

namespace Infermux.Core.Configuration.Keys;

/// <summary>The words that the file has for the values of an enum: snake case, unless <see cref="SpelledAttribute"/> says otherwise.</summary>
public static class ConfigWords
{
    /// <summary>The word for one value.</summary>
    public static string Of(Enum value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return WordOf(value.GetType().GetField(value.ToString())!);
    }

    /// <summary>The words of an enum that may be written today, in declaration order.</summary>
    public static IReadOnlyList<string> All(Type type) => [.. Fields(type).Where(f => NotBuilt(f) is null).Select(WordOf)];

    /// <summary>The value that a word stands for, or null.</summary>
    public static object? Read(Type type, string word) =>
        Fields(type).FirstOrDefault(f => string.Equals(WordOf(f), word, StringComparison.Ordinal))?.GetValue(null);

    /// <summary>What to write in place of a word that is known and not built, or null where it is built or unknown.</summary>
    public static NotBuiltAttribute? NotBuilt(Type type, string word)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.GetCustomAttributes<NotBuiltAttribute>().Concat(Fields(type).Select(NotBuilt).OfType<NotBuiltAttribute>())
            .FirstOrDefault(n => string.Equals(n.Word, word, StringComparison.Ordinal));
    }

    internal static IEnumerable<FieldInfo> Fields(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static);

    /// <summary>The word for an enum's field.</summary>
    public static string WordOf(FieldInfo field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return field.GetCustomAttribute<SpelledAttribute>()?.Word ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(field.Name);
    }

    private static NotBuiltAttribute? NotBuilt(FieldInfo field) => field.GetCustomAttribute<NotBuiltAttribute>();
}
