using System.Globalization;
using System.Text;
using Infermux.Core.Configuration;
using Infermux.Core.Configuration.Keys;

namespace Infermux.Hosting.Configuration.Reference;

/// <summary>The reference page <c>docs/configuration.md</c>, made from the option types and their comments.</summary>
public static class ConfigurationReference
{
    private const string Preface = """
        # infermux.yml

        <!-- Made by `infermux config docs` from the option types. Do not edit: a test compares. -->

        One YAML file, `infermux.yml` in the working directory unless `--config` or `INFERMUX_CONFIG` names another. Without a file, providers come from
        `OPENAI_API_KEY`, `ANTHROPIC_API_KEY`, `GEMINI_API_KEY`, `AZURE_OPENAI_ENDPOINT` with `AZURE_OPENAI_API_KEY`, and `OLLAMA_HOST`; where none is set, the
        built-in `echo` provider answers. Editors complete and check the file with `infermux.schema.json`, named in its first line:
        `# yaml-language-server: $schema=./infermux.schema.json`.

        - **Precedence**: flag, environment variable, file, default. `--listen` / `INFERMUX_LISTEN`, `--log-level` / `INFERMUX_LOG_LEVEL`, `--log-format` /
          `INFERMUX_LOG_FORMAT`, `INFERMUX_LOG_TIMESTAMPS`, `INFERMUX_MANAGEMENT_LISTEN`, `--graceful-shutdown` (`shutdown.drain`). Not in the file, which all processes share: `--role` /
          `INFERMUX_ROLE`.
        - **Substitution**, inside any value: `${NAME}`, `${NAME:-default}`, `${NAME:?message}`, `${file:/path}` (beside the file where relative), `$$` for a
          dollar, and a whole value `$NAME`. A variable that is not set is warned of and empty. Substituted values are masked wherever they are shown.
        - **Units**: durations are Go's, `250ms`, `60s`, `1h30m`; sizes `32MiB`, `64KiB`; money is USD as plain decimals.
        - **Unknown keys** are warned of with their place and the nearest known key; `infermux validate --strict` refuses them. A known key whose feature is not
          built yet is an error.
        - **Reload**: the file, and each file it names with `${file:...}`, is compared every second. A file that does not load leaves the last good one in force.
          `listen`, `management_listen`, `tls`, `cluster`, `log`, `shutdown` and `limits.max_header_bytes` take effect at the next start.
        - `budgets` may be the plain list of its `callers`.
        """;

    /// <summary>The page as text, ending with a line break.</summary>
    public static string Write()
    {
        var page = new StringBuilder(Preface.ReplaceLineEndings("\n")).Append('\n');
        Block(page, typeof(InfermuxOptions), "", XmlDocs.OfOptions());
        return page.ToString();
    }

    private static void Block(StringBuilder page, Type type, string path, XmlDocs docs)
    {
        var (keys, sample) = (ConfigKeys.Of(type), Activator.CreateInstance(type)!);
        page.Append(CultureInfo.InvariantCulture, $"\n## {(path.Length == 0 ? "Top level" : $"`{path}`")}\n\n| key | default | range | meaning |\n|---|---|---|---|\n");
        foreach (var key in keys)
        {
            var name = key.TakesRest ? $"`<{(path.EndsWith("pricing", StringComparison.Ordinal) ? "provider>`.`<model" : "name")}>`" : $"`{key.Name}`";
            if (key.AlsoWritten is { } also) { name += $", `{also}`"; }
            page.Append(CultureInfo.InvariantCulture, $"| {name} | {DefaultOf(key, sample)} | {key.Range?.InWords} | {Escaped(Meaning(key, docs))} |\n");
        }
        foreach (var key in keys)
        {
            var (inner, suffix) = Inner(key.ValueType);
            if (inner is not null) { Block(page, inner, $"{path}{(path.Length == 0 || key.TakesRest ? "" : ".")}{(key.TakesRest ? "" : key.Name)}{suffix}", docs); }
        }
    }

    private static string DefaultOf(ConfigKey key, object sample) =>
        key.Required ? "required" : Written.Default(sample, key) is { Length: > 0 } value ? $"`{value}`" : "";

    private static string Meaning(ConfigKey key, XmlDocs docs)
    {
        var meaning = docs.Of(key.Property);
        if (!key.ValueType.IsEnum) { return meaning; }
        var built = ConfigWords.All(key.ValueType);
        var words = key.ValueType.GetFields().Where(f => f.IsLiteral && built.Contains(ConfigWords.WordOf(f), StringComparer.Ordinal));
        return $"{meaning} {string.Join(" ", words.Select(f => $"`{ConfigWords.WordOf(f)}`: {docs.Of(f)}"))}";
    }

    private static (Type? Type, string Suffix) Inner(Type type) =>
        ConfigKeys.IsRecord(type) ? (type, "")
        : ConfigKeys.ElementOf(type) is { } element && ConfigKeys.IsRecord(element) ? (element, "[]")
        : ConfigKeys.MappedBy(type) is { } mapped && Inner(mapped) is { Type: { } inner } found ? (inner, ".<name>" + found.Suffix)
        : (null, "");

    private static string Escaped(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
