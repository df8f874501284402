using System.Collections.Concurrent;
using Infermux.Grains.Contracts.Providers;

namespace Infermux.Grains.Tests.Routing;

/// <summary>A directory that always knows what scripted owners show now. In the place of the ProviderDirectoryGrain.</summary>
public sealed class ScriptedDirectory
{
    public ConcurrentBag<ScriptedOwner> Owners { get; } = [];

    public ConcurrentQueue<ViewQuestion> Questions { get; } = new();

    public ValueTask<ViewChanges> SinceAsync(ViewQuestion question)
    {
        Questions.Enqueue(question);
        return new(new ViewChanges(Guid.NewGuid(), Questions.Count, [.. Owners.Select(static owner => owner.View)], 7, 4));
    }
}
