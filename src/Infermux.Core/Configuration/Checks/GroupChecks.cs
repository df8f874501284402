namespace Infermux.Core.Configuration.Checks;

/// <summary>Groups name providers that exist and serve their models, and each of them can be reached.</summary>
internal static class GroupChecks
{
    internal static IEnumerable<ConfigProblem> Of(InfermuxOptions options)
    {
        var groups = options.Routing.Groups;
        for (var g = 0; g < groups.Count; g++)
        {
            foreach (var problem in Of(options, groups[g], $"routing.groups[{g}]")) { yield return problem; }
            foreach (var problem in AfterOthers(groups, g)) { yield return problem; }
        }
    }

    private static IEnumerable<ConfigProblem> Of(InfermuxOptions options, RouteGroupOptions group, string path)
    {
        if (!Text.IsHeaderText(group.Name)) { yield return new($"{path}.name", $"'{group.Name}' cannot stand in a header.", "Use 1 to 128 printable ASCII characters."); }
        if (group.Models is { Count: 0 }) { yield return new($"{path}.models", "is an empty list, so the group matches nothing.", "List models, or leave the key out to match any."); }
        if (group.Providers is { Count: 0 }) { yield return new($"{path}.providers", "is an empty list, so the group could answer nothing.", "List providers, or leave the key out to use all."); }
        var known = options.Providers.Select(p => p.Name).ToList();
        foreach (var (name, p) in (group.Providers ?? []).Select((name, p) => (name, p)))
        {
            if (!known.Contains(name, StringComparer.Ordinal))
            {
                yield return new($"{path}.providers[{p}]", $"no provider is named '{name}'.", Text.MeanOrOneOf(name, known, "Add it under 'providers:'."));
            }
            else if (group.Providers!.Take(p).Contains(name, StringComparer.Ordinal))
            {
                yield return new($"{path}.providers[{p}]", $"'{name}' is listed twice.", "Remove one.", IsWarning: true);
            }
        }
        var members = options.Providers.Where(p => group.Providers?.Contains(p.Name, StringComparer.Ordinal) ?? true).ToList();
        foreach (var (model, m) in (group.Models ?? []).Select((model, m) => (model, m)).Where(_ => members.Count > 0))
        {
            if (!members.Exists(p => Served.MayServe(p, model)))
            {
                yield return new($"{path}.models[{m}]", $"no provider of group '{group.Name}' lists or aliases '{model}'.",
                    "Add it to 'models' or 'model_aliases' of one of them, or remove it here.", IsWarning: true);
            }
        }
    }

    private static IEnumerable<ConfigProblem> AfterOthers(IReadOnlyList<RouteGroupOptions> groups, int g)
    {
        var (group, path) = (groups[g], $"routing.groups[{g}]");
        var before = groups.Take(g).ToList();
        if (before.Exists(b => string.Equals(b.Name, group.Name, StringComparison.Ordinal)))
        {
            yield return new($"{path}.name", $"'{group.Name}' is the name of an earlier group too.", "Give each group its own name: it stands in headers and cost rows.");
        }
        if (before.Find(b => b.Match is null && b.Models is null) is { } all)
        {
            yield return new(path, $"is never reached: the earlier group '{all.Name}' has neither 'models' nor 'match' and takes every request.", $"Move '{all.Name}' to the end.", IsWarning: true);
            yield break;
        }
        foreach (var (model, m) in (group.Models ?? []).Select((model, m) => (model, m)))
        {
            if (before.Find(b => b.Match is null && b.Models!.Contains(model, StringComparer.Ordinal)) is { } first)
            {
                yield return new($"{path}.models[{m}]", $"'{model}' never gets here: the earlier group '{first.Name}' takes it.", "Remove it from one of them.", IsWarning: true);
            }
        }
    }
}
