namespace Infermux.Core.Configuration.Checks;

/// <summary>A provider on Vertex AI has a project or an API key, and a location that exists in an address; no other provider has either.</summary>
internal static class VertexChecks
{
    internal static IEnumerable<ConfigProblem> Of(InfermuxOptions options) => options.Providers.SelectMany((p, i) => Of(p, $"providers[{i}]"));

    private static IEnumerable<ConfigProblem> Of(ProviderOptions provider, string path) => VertexPlace.Is(provider)
        ? [.. OfPlace(provider, path), .. OfCredential(provider, path)]
        : Strays(provider, path);

    private static IEnumerable<ConfigProblem> OfPlace(ProviderOptions provider, string path)
    {
        if (provider.VertexProject is { } project && !IsName(project, ":.-"))
        {
            yield return new($"{path}.vertex_project", $"'{project}' is not the id or number of a Google Cloud project.", "Write the id, such as 'my-project-123456'.");
        }

        if (provider.VertexLocation is { } location && !IsName(location, "-"))
        {
            yield return new($"{path}.vertex_location", $"'{location}' is not a location of Vertex AI.", "Write it as Google does, such as 'europe-west4' or 'global'.");
        }

        if (string.IsNullOrEmpty(provider.VertexProject) && provider.VertexLocation is not null)
        {
            yield return new($"{path}.vertex_location", "has no effect without 'vertex_project': express mode has no locations.",
                "Set 'vertex_project', or remove it.", IsWarning: true);
        }
    }

    private static IEnumerable<ConfigProblem> OfCredential(ProviderOptions provider, string path)
    {
        if (string.IsNullOrEmpty(provider.VertexProject) && provider.ApiKey is null)
        {
            yield return new(path, $"'{provider.Name}' is on Vertex AI without a project, and that takes an API key, which is not there.",
                "Set 'vertex_project' (and 'vertex_location'), or an 'api_key' of Vertex's express mode.");
        }

        if (provider.VertexCredentialsFile is not null && provider.ApiKey is not null)
        {
            yield return new($"{path}.vertex_credentials_file", "has no effect beside 'api_key'.", "Keep one credential.", IsWarning: true);
        }
    }

    private static IEnumerable<ConfigProblem> Strays(ProviderOptions provider, string path)
    {
        var why = provider.Type == ProviderType.Gemini
            ? ("has no effect without 'vertex_project'.", "Set 'vertex_project', or remove it.")
            : ("has no effect: the type is not 'gemini'.", "Remove it, or set 'type: gemini'.");
        foreach (var (key, value) in new[]
        {
            ("vertex_project", provider.VertexProject), ("vertex_location", provider.VertexLocation), ("vertex_credentials_file", provider.VertexCredentialsFile),
        })
        {
            if (value is not null)
            {
                yield return new($"{path}.{key}", why.Item1, why.Item2, IsWarning: true);
            }
        }
    }

    private static bool IsName(string text, string also) =>
        text.Length > 0 && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || also.Contains(c, StringComparison.Ordinal));
}
