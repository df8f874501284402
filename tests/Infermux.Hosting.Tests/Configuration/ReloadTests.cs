using Infermux.Core.Configuration;
using Infermux.Hosting.Configuration;
using Infermux.Hosting.Configuration.Reloading;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Infermux.Hosting.Tests.Configuration;

public sealed class ReloadTests : IAsyncDisposable
{
    private const string Good = "providers: [{name: e, type: echo, models: [one]}]";

    private readonly Dictionary<string, string?> _files = new() { ["infermux.yml"] = Good };
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services;

    public ReloadTests()
    {
        var loader = new ConfigurationLoader(_ => null, path => _files.GetValueOrDefault(path));
        var loaded = loader.Load(new()).Loaded!;
        _services = new ServiceCollection().AddSingleton<TimeProvider>(_time).AddInfermuxConfiguration(loaded).BuildServiceProvider();
    }

    private PolledConfiguration Polled => _services.GetRequiredService<PolledConfiguration>();

    private ICurrentConfiguration Configuration => _services.GetRequiredService<ICurrentConfiguration>();

    private IConfigurationStatus Status => _services.GetRequiredService<IConfigurationStatus>();

    [Fact]
    public async Task ChangedFile_AfterASecond_IsInForceAndAnnounced()
    {
        await Polled.StartAsync(TestContext.Current.CancellationToken);
        var announced = new TaskCompletionSource<ConfigurationSnapshot>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var _ = Configuration.OnChange(announced.SetResult);
        var before = Configuration.Current;
        _files["infermux.yml"] = Good.Replace("one", "two", StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(1));
        var snapshot = await announced.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal("two", snapshot.Options.Providers[0].Models![0]);
        Assert.Same(snapshot, Configuration.Current);
        Assert.NotEqual(before.Hash, snapshot.Hash);
        Assert.Equal("one", before.Options.Providers[0].Models![0]);
    }

    [Fact]
    public void UnchangedFile_OrANewComment_IsNotAnnounced()
    {
        using var _ = Configuration.OnChange(_ => Assert.Fail("Nothing changed."));
        Polled.Poll();
        Change($"# new\n{Good}");
    }

    [Fact]
    public void ListenerThatChanges_WhichIsInNoHash_IsAnnouncedAllTheSame()
    {
        var announced = 0;
        using var _ = Configuration.OnChange(_ => announced++);
        Change($"{Good}\nlisten: \"127.0.0.1:1\"");
        Assert.Equal(1, announced);
    }

    [Fact]
    public void BadFile_Reloaded_KeepsTheLastGoodOneAndSaysWhyUntilItIsMended()
    {
        var before = Configuration.Current;
        Change("providers: [{name: e, type: ecko}]");
        Assert.Same(before, Configuration.Current);
        var problem = Status.LastReloadProblem!;
        Assert.Equal("infermux.yml:1:29: providers[0].type: 'ecko' is not one of the values of this key. Did you mean 'echo'? Use one of: openai, anthropic, ollama, azure_openai, echo, gemini, bedrock.",
            Assert.Single(problem.Problems).ToString());
        Assert.Equal(_time.GetUtcNow(), problem.At);
        _time.Advance(TimeSpan.FromSeconds(5));
        Polled.Poll();
        Assert.Same(problem, Status.LastReloadProblem);
        Change(Good);
        Assert.Null(Status.LastReloadProblem);
        Assert.Same(before, Configuration.Current);
    }

    [Fact]
    public void FileThatVanishes_KeepsTheLastGoodOneAndNeverFallsBackToTheEnvironment()
    {
        Change(null);
        Assert.Equal("one", Configuration.Current.Options.Providers[0].Models![0]);
        Assert.Contains("does not exist", Status.LastReloadProblem!.Problems[0].Problem.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void SecretFile_ThatIsRotated_IsReadAgain()
    {
        _files["/key"] = "old-secret";
        Change("providers: [{name: o, type: openai, api_key: \"${file:/key}\"}]");
        Assert.Equal("old-secret", Configuration.Current.Options.Providers[0].ApiKey);
        _files["/key"] = "new-secret";
        Polled.Poll();
        Assert.Equal("new-secret", Configuration.Current.Options.Providers[0].ApiKey);
    }

    [Fact]
    public void SubscriberThatThrows_DoesNotKeepTheOthersNorLaterReloads()
    {
        var announced = 0;
        using var broken = Configuration.OnChange(_ => throw new InvalidOperationException("on purpose"));
        var other = Configuration.OnChange(_ => announced++);
        Change(Good.Replace("one", "two", StringComparison.Ordinal));
        Change(Good.Replace("one", "three", StringComparison.Ordinal));
        Assert.Equal(2, announced);
        other.Dispose();
        Change(Good);
        Assert.Equal(2, announced);
    }

    [Fact]
    public void EnvironmentConfiguration_HasNothingToReload() => Assert.Empty(Sample.Loader([]).Load(new()).Loaded!.FilesRead);

    public async ValueTask DisposeAsync()
    {
        await Polled.StopAsync(CancellationToken.None);
        await _services.DisposeAsync();
    }

    private void Change(string? text)
    {
        _files["infermux.yml"] = text;
        Polled.Poll();
    }
}
