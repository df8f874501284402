using System.Collections.Concurrent;
using System.Reflection;

namespace Infermux.Core.Configuration.Keys;

/// <summary>The keys of each option record. Loader, range check, schema and reference page all read the file's shape from here.</summary>
public static class ConfigKeys
{
    private static readonly ConcurrentDictionary<Type, IReadOnlyList<ConfigKey>> Cache = new();

    /// <summary>The keys of an option record, in declaration order.</summary>
    public static IReadOnlyList<ConfigKey> Of(Type record) => Cache.GetOrAdd(record, static type =>
        [.. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(IsKey).OrderBy(p => p.MetadataToken).Select(p => new ConfigKey(p))]);

    /// <summary>Whether a type is an option record, written as a block of keys.</summary>
    public static bool IsRecord(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type is { IsClass: true, IsArray: false } && type != typeof(string) && type.GetMethod("<Clone>$") is not null;
    }

    /// <summary>The element type of a list, or null for other types.</summary>
    public static Type? ElementOf(Type type) => ArgumentOf(type, typeof(IReadOnlyList<>), 0);

    /// <summary>The value type of a map from names, or null for other types.</summary>
    public static Type? MappedBy(Type type) => ArgumentOf(type, typeof(IReadOnlyDictionary<,>), 1);

    private static Type? ArgumentOf(Type type, Type generic, int index)
    {
        ArgumentNullException.ThrowIfNull(type);
        return type.IsGenericType && type.GetGenericTypeDefinition() == generic ? type.GetGenericArguments()[index] : null;
    }

    private static bool IsKey(PropertyInfo property) =>
        property.CanWrite && !property.IsDefined(typeof(NotAKeyAttribute)) && !property.IsDefined(typeof(TrueWhenGivenAttribute));
}
