namespace Infermux.Core.Configuration.Checks;

/// <summary>A provider of type <c>bedrock</c> knows its region and has one whole credential; no other type has either.</summary>
internal static class AwsChecks
{
    internal static IEnumerable<ConfigProblem> Of(InfermuxOptions options) => options.Providers.SelectMany((p, i) => Of(p, $"providers[{i}]"));

    private static IEnumerable<ConfigProblem> Of(ProviderOptions provider, string path) => provider.Type == ProviderType.Bedrock
        ? [.. OfRegion(provider, path), .. OfKeys(provider, path), .. OfSpare(provider, path)]
        : Strays(provider, path);

    private static IEnumerable<ConfigProblem> OfRegion(ProviderOptions provider, string path)
    {
        if (provider.AwsRegion is { } region && (region.Length == 0 || !region.All(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')))
        {
            yield return new($"{path}.aws_region", $"'{region}' is not the name of an AWS region.", "Write it as AWS does, such as 'us-east-1'.");
        }
        else if (AwsRegion.Of(provider) is null && provider.BaseUrl is null)
        {
            yield return new(path, $"'{provider.Name}' has neither 'aws_region' nor 'base_url', so nobody knows where it is.",
                "Set 'aws_region', such as 'us-east-1'.");
        }
        else if (AwsRegion.Of(provider) is null && provider.ApiKey is null)
        {
            yield return new($"{path}.base_url", $"names no AWS region, and requests of '{provider.Name}' are signed for one.",
                "Set 'aws_region' beside it, such as 'us-east-1'.");
        }
    }

    private static IEnumerable<ConfigProblem> OfKeys(ProviderOptions provider, string path)
    {
        if (string.IsNullOrEmpty(provider.AwsAccessKeyId) != string.IsNullOrEmpty(provider.AwsSecretAccessKey))
        {
            var (has, lacks) = string.IsNullOrEmpty(provider.AwsAccessKeyId)
                ? ("aws_secret_access_key", "aws_access_key_id")
                : ("aws_access_key_id", "aws_secret_access_key");
            yield return new($"{path}.{has}", $"needs '{lacks}' beside it.", $"Set '{lacks}', or leave both out for the AWS credential chain.");
        }
        else if (provider.AwsSessionToken is not null && string.IsNullOrEmpty(provider.AwsAccessKeyId))
        {
            yield return new($"{path}.aws_session_token", "belongs to temporary keys, and there are none.",
                "Set 'aws_access_key_id' and 'aws_secret_access_key', or remove it.");
        }
    }

    private static IEnumerable<ConfigProblem> OfSpare(ProviderOptions provider, string path)
    {
        if (provider.ApiKey is not null && (provider.AwsAccessKeyId ?? provider.AwsProfile) is not null)
        {
            yield return new($"{path}.api_key", "goes before the AWS keys and profile, which have no effect beside it.",
                "Keep one credential.", IsWarning: true);
        }
        else if (provider.AwsAccessKeyId is not null && provider.AwsProfile is not null)
        {
            yield return new($"{path}.aws_profile", "has no effect beside 'aws_access_key_id'.", "Keep one of the two.", IsWarning: true);
        }
    }

    private static IEnumerable<ConfigProblem> Strays(ProviderOptions provider, string path)
    {
        foreach (var (key, value) in new[]
        {
            ("aws_region", provider.AwsRegion), ("aws_access_key_id", provider.AwsAccessKeyId), ("aws_secret_access_key", provider.AwsSecretAccessKey),
            ("aws_session_token", provider.AwsSessionToken), ("aws_profile", provider.AwsProfile),
        })
        {
            if (value is not null)
            {
                yield return new($"{path}.{key}", "has no effect: the type is not 'bedrock'.", "Remove it, or set 'type: bedrock'.", IsWarning: true);
            }
        }
    }
}
