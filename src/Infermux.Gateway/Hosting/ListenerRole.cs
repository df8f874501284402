namespace Infermux.Gateway.Hosting;

/// <summary>What a listener serves. Fixed at start, as the listeners are.</summary>
internal enum ListenerRole
{
    /// <summary>The only listener: <c>management_listen</c> is not set.</summary>
    Everything,

    /// <summary><c>listen</c> beside a <c>management_listen</c>: no management.</summary>
    Inference,

    /// <summary><c>management_listen</c>: no inference.</summary>
    Management,
}
