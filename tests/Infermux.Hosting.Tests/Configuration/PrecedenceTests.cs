using Infermux.Core.Configuration;
using Infermux.Hosting.Configuration;

namespace Infermux.Hosting.Tests.Configuration;

/// <summary>Flag over environment over file over default, and where the file itself comes from.</summary>
public class PrecedenceTests
{
    private const string File = "listen: \":1\"\nlog: {level: error, format: json}\nproviders: [{name: e, type: echo, models: [m]}]";

    [Fact]
    public void Value_FlagOverEnvironmentOverFileOverDefault()
    {
        var environment = new[] { ("INFERMUX_LISTEN", ":2"), ("INFERMUX_LOG_LEVEL", "warn"), ("INFERMUX_LOG_TIMESTAMPS", "false") };
        var result = Load(environment, new ConfigurationOverride("listen", ":3", "--listen"), new ConfigurationOverride("shutdown.drain", "90s", "--graceful-shutdown"));
        var options = result.Loaded!.Snapshot.Options;
        Assert.Equal((":3", LogThreshold.Warn, LogFormat.Json, false), (options.Listen, options.Log.Level, options.Log.Format, options.Log.Timestamps));
        Assert.Equal((TimeSpan.FromSeconds(90), AuthMode.Passthrough), (options.Shutdown.Drain, options.Auth.Mode));
        Assert.Equal([("listen", ":3", "--listen"), ("log.level", "warn", "INFERMUX_LOG_LEVEL"), ("log.format", "json", "infermux.yml:2")],
            result.Loaded.Entries.Where(e => e.Path is "listen" or "log.level" or "log.format").OrderBy(e => e.Path is "listen" ? 0 : e.Path is "log.level" ? 1 : 2).Select(e => (e.Path, e.Value, e.Origin)));
    }

    [Fact]
    public void BadValue_FromEnvironmentOrFlag_IsReportedUnderItsName()
    {
        var result = Load([("INFERMUX_LOG_LEVEL", "loud")], new ConfigurationOverride("shutdown.drain", "90", "--graceful-shutdown"));
        Assert.Equal(LoadFailure.Invalid, result.Failure);
        Assert.Equal(["INFERMUX_LOG_LEVEL: 'loud' is not one of the values of this key. Use one of: debug, info, warn, error.",
            "--graceful-shutdown: '90' is a duration without a unit. Write the unit too, such as 90s."], result.Problems.Where(p => !p.IsWarning).Select(p => p.ToString()));
    }

    [Fact]
    public void ConfigFlag_OverInfermuxConfig_OverTheConventionalName()
    {
        var loader = Sample.Loader(new() { ["infermux.yml"] = File, ["a.yml"] = File.Replace(":1", ":10", StringComparison.Ordinal), ["b.yml"] = File.Replace(":1", ":11", StringComparison.Ordinal) }, ("INFERMUX_CONFIG", "a.yml"));
        Assert.Equal(":10", loader.Load(new()).Loaded!.Snapshot.Options.Listen);
        Assert.Equal(":11", loader.Load(new() { Path = "b.yml" }).Loaded!.Snapshot.Options.Listen);
    }

    [Fact]
    public void NamedFile_ThatIsNotThere_IsNotFoundAndNeverReplacedByTheEnvironment()
    {
        Assert.Equal(LoadFailure.NotFound, Sample.Loader([]).Load(new() { Path = "gone.yml" }).Failure);
        Assert.Equal(LoadFailure.NotFound, Sample.Loader([], ("INFERMUX_CONFIG", "gone.yml")).Load(new()).Failure);
        Assert.Equal(LoadFailure.NotFound, Sample.Loader([]).Load(new() { FileRequired = true }).Failure);
    }

    [Fact]
    public void NoFile_NoKeys_IsTheEchoProviderOnLoopback()
    {
        var loaded = Sample.Loader([]).Load(new()).Loaded!;
        Assert.Null(loaded.File);
        Assert.Equal("127.0.0.1:8080", loaded.Snapshot.Options.Listen);
        var provider = Assert.Single(loaded.Snapshot.Options.Providers);
        Assert.Equal((ProviderType.Echo, true), (provider.Type, provider.FromEnvironment));
        Assert.Equal(["echo-v1", "lorem"], provider.Models!);
        Assert.Empty(loaded.Warnings);
    }

    [Fact]
    public void NoFile_WithKeys_MakesAProviderForEach()
    {
        var loaded = Sample.Loader([], ("OPENAI_API_KEY", "sk-o"), ("ANTHROPIC_API_KEY", "sk-a"), ("GEMINI_API_KEY", "g"), ("AZURE_OPENAI_ENDPOINT", "https://x.openai.azure.com/"),
            ("AZURE_OPENAI_API_KEY", "az"), ("AZURE_OPENAI_DEPLOYMENT", "d"), ("OLLAMA_HOST", "0.0.0.0")).Load(new()).Loaded!;
        Assert.Equal([
            ("openai", ProviderType.OpenAi, null), ("anthropic", ProviderType.Anthropic, null), ("gemini", ProviderType.Gemini, null),
            ("azure", ProviderType.AzureOpenAi, "https://x.openai.azure.com"), ("ollama", ProviderType.Ollama, (string?)"http://127.0.0.1:11434")],
            loaded.Snapshot.Options.Providers.Select(p => (p.Name, p.Type, p.BaseUrl)));
        Assert.All(loaded.Snapshot.Options.Providers, p => Assert.True(p.FromEnvironment));
        Assert.DoesNotContain(loaded.Entries, e => e.Value is "sk-o" or "sk-a" or "g" or "az");
    }

    [Theory]
    [InlineData("localhost:1234", "http://localhost:1234")]
    [InlineData(":1234", "http://127.0.0.1:1234")]
    [InlineData("box", "http://box:11434")]
    [InlineData("https://ollama.example.com", "https://ollama.example.com")]
    [InlineData("0.0.0.0:5000", "http://127.0.0.1:5000")]
    public void OllamaHost_InEveryForm_BecomesAUrl(string host, string url) =>
        Assert.Equal(url, Sample.Loader([], ("OLLAMA_HOST", host)).Load(new()).Loaded!.Snapshot.Options.Providers[0].BaseUrl);

    [Fact]
    public void HalfSetAzure_IsWarnedOf() =>
        Assert.Contains(Sample.Loader([], ("AZURE_OPENAI_API_KEY", "k")).Load(new()).Problems, p => p.ToString().StartsWith("AZURE_OPENAI_API_KEY: warning: is set and AZURE_OPENAI_ENDPOINT is not", StringComparison.Ordinal));

    [Fact]
    public void Hash_ChangesWithAValueAndNotWithACommentOrTheOrderOfKeys()
    {
        var hash = Sample.Load(File).Loaded!.Snapshot.Hash;
        Assert.Matches("^[0-9a-f]{12}$", hash);
        Assert.Equal(hash, Sample.Load("# new\nproviders: [{type: echo, name: e, models: [m]}]\nlog: {format: json, level: error}\nlisten: \":1\"").Loaded!.Snapshot.Hash);
        Assert.NotEqual(hash, Sample.Load(File.Replace("error", "warn", StringComparison.Ordinal)).Loaded!.Snapshot.Hash);
    }

    [Fact]
    public void Hash_IsTheSameForProcessesInOtherPlaces()
    {
        const string Place = "cluster: {store: redis, redis: \"r:6379\", cluster_id: one, silo_port: 1, gateway_port: 2, advertised_ip: 10.0.0.1, data_dir: a}\nmanagement_listen: \":3\"\n";
        const string Other = "cluster: {store: redis, redis: \"r:6379\", cluster_id: one, silo_port: 4, gateway_port: 5, advertised_ip: 10.0.0.2, data_dir: b}\nmanagement_listen: \":6\"\n";
        var hash = Sample.Load(Place + File).Loaded!.Snapshot.Hash;
        Assert.Equal(hash, Sample.Load(Other + File.Replace(":1", ":2", StringComparison.Ordinal)).Loaded!.Snapshot.Hash);
        Assert.NotEqual(hash, Sample.Load(Place.Replace("one", "two", StringComparison.Ordinal) + File).Loaded!.Snapshot.Hash);
    }

    [Fact]
    public void Hash_ChangesWithASubstitutedSecret()
    {
        const string text = "providers: [{name: o, type: openai, api_key: \"${K}\"}]";
        Assert.NotEqual(Sample.Load(text, ("K", "one")).Loaded!.Snapshot.Hash, Sample.Load(text, ("K", "two")).Loaded!.Snapshot.Hash);
    }

    private static ConfigurationResult Load((string, string)[] environment, params ConfigurationOverride[] flags) =>
        Sample.Loader(new() { ["infermux.yml"] = File }, environment).Load(new() { Flags = flags });
}
