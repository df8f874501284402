using System.Reflection;
using System.Text.Json;

namespace Infermux.Core.Configuration.Keys;

/// <summary>One key of the file: the property it sets and what the property's attributes say of it.</summary>
public sealed class ConfigKey
{
    internal ConfigKey(PropertyInfo property)
    {
        Property = property;
        Name = NameOf(property);
        ValueType = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        Required = property.IsDefined(typeof(RequiredKeyAttribute));
        Secret = property.IsDefined(typeof(SecretKeyAttribute));
        IsByteSize = property.IsDefined(typeof(ByteSizeKeyAttribute));
        TakesRest = property.IsDefined(typeof(RestOfKeysAttribute));
        AlsoWritten = property.GetCustomAttribute<AlsoWrittenAttribute>()?.Name;
        Range = property.GetCustomAttribute<BetweenAttribute>();
    }

    /// <summary>The key as written: the property's name in snake case.</summary>
    public string Name { get; }

    /// <summary>The property it sets.</summary>
    public PropertyInfo Property { get; }

    /// <summary>The property's type, without the nullable wrapper.</summary>
    public Type ValueType { get; }

    /// <summary>Whether the key must be given.</summary>
    public bool Required { get; }

    /// <summary>Whether its value is masked wherever it is shown.</summary>
    public bool Secret { get; }

    /// <summary>Whether its number counts bytes.</summary>
    public bool IsByteSize { get; }

    /// <summary>Whether it stands for all other keys of its block.</summary>
    public bool TakesRest { get; }

    /// <summary>A second spelling, or null.</summary>
    public string? AlsoWritten { get; }

    /// <summary>Its range, or null.</summary>
    public BetweenAttribute? Range { get; }

    /// <summary>The snake case of a property's name.</summary>
    public static string NameOf(PropertyInfo property)
    {
        ArgumentNullException.ThrowIfNull(property);
        return JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
    }
}
