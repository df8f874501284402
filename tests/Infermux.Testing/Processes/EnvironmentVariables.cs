namespace Infermux.Testing;

/// <summary>Environment variables of this process for as long as this lives; as they were afterwards. Tests that use it must not run side by side.</summary>
public sealed class EnvironmentVariables : IDisposable
{
    private readonly Dictionary<string, string?> _before = new(StringComparer.Ordinal);

    /// <summary>Sets one; null takes it away.</summary>
    public EnvironmentVariables Set(string name, string? value)
    {
        _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
        return this;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (name, value) in _before)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }
}
