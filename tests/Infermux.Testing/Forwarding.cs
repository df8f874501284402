using System.Reflection;

namespace Infermux.Testing;

/// <summary>
/// Lets an object of a test's stand for an interface by methods of the same names. A class that implemented a grain interface itself would be found by Orleans
/// and stand beside the real grain in every test cluster of this assembly.
/// </summary>
public class Forwarding : DispatchProxy
{
    private Func<MethodInfo, object?[], object?> _call = static (_, _) => null;

    /// <summary>The interface, answered by the methods of an object. One that the object does not have was not to be called, and says so.</summary>
    public static T To<T>(object target)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(target);
        return To<T>((method, arguments) =>
        {
            var stand = target.GetType().GetMethod(method.Name, [.. method.GetParameters().Select(parameter => parameter.ParameterType)])
                ?? throw new MissingMethodException($"{target.GetType().Name} does not stand for {typeof(T).Name}.{method.Name}; the test did not expect this call.");
            return stand.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null);
        });
    }

    /// <summary>The interface, answered by a function of the method and its arguments.</summary>
    public static T To<T>(Func<MethodInfo, object?[], object?> call)
        where T : class
    {
        var proxy = Create<T, Forwarding>();
        ((Forwarding)(object)proxy)._call = call;
        return proxy;
    }

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _call(targetMethod!, args ?? []);
}
