namespace Infermux.Grains.Routing;

/// <summary>Who this process is to others that count processes.</summary>
/// <param name="Id">New with each life.</param>
/// <param name="Serves">Whether it answers callers.</param>
public sealed record ProcessIdentity(Guid Id, bool Serves);
