using System.Reflection;

namespace Infermux.Grains.Tests.Routing;

/// <summary>
/// Lets an object of a test's stand for an interface by methods of the same names. A class that implemented a grain interface itself would be found by Orleans
/// and stand beside the real grain in every test cluster of this assembly.
/// </summary>
public class Forwarding : DispatchProxy
{
    private Func<MethodInfo, object?[], object?> _call = static (_, _) => null;

    public static T To<T>(object target)
        where T : class => To<T>((method, arguments) => target.GetType().GetMethod(method.Name, method.GetParameters().Length == 0 ? [] : [.. method.GetParameters().Select(parameter => parameter.ParameterType)])!
            .Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null));

    public static T To<T>(Func<MethodInfo, object?[], object?> call)
        where T : class
    {
        var proxy = Create<T, Forwarding>();
        ((Forwarding)(object)proxy)._call = call;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => _call(targetMethod!, args ?? []);
}
