using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace SemCache.Core.Tests.Support;

/// <summary>A started cache over a temporary folder, with a clock that stands still until it is told to move.</summary>
internal sealed class TestCache : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    private TestCache(ServiceProvider services, FakeTimeProvider time, CollectedLogs logs, IConfigurationRoot configuration)
    {
        _services = services;
        Time = time;
        Logs = logs;
        Configuration = configuration;
        Cache = services.GetRequiredService<SemanticCache>();
    }

    public SemanticCache Cache { get; }

    public FakeTimeProvider Time { get; }

    public CollectedLogs Logs { get; }

    public IConfigurationRoot Configuration { get; }

    public static TestCache Create(
        string folder, FakeTimeProvider? time = null, params (string Key, string Value)[] options)
    {
        time ??= new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var settings = new Dictionary<string, string?> { ["SemCache:Storage:Path"] = folder };
        foreach ((string key, string value) in options)
        {
            settings["SemCache:" + key] = value;
        }

        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var logs = new CollectedLogs();
        ServiceProvider services = new ServiceCollection()
            .AddSingleton<TimeProvider>(time)
            .AddLogging(logging => logging.AddProvider(logs))
            .AddSemCache(configuration)
            .BuildServiceProvider();
        return new TestCache(services, time, logs, configuration);
    }

    public static async Task<TestCache> StartAsync(
        string folder, FakeTimeProvider? time = null, params (string Key, string Value)[] options)
    {
        TestCache cache = Create(folder, time, options);
        await cache.Cache.StartAsync();
        return cache;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    public Task<LookupResult> LookupAsync(string text, string ns = "", params (string Key, string Value)[] scope) =>
        Cache.LookupAsync(new LookupQuery { Namespace = ns, Prompt = Prompt.FromText(text), Scope = Scope(scope) });

    public async Task<Guid> StoreAsync(
        string text, string response, string ns = "", params (string Key, string Value)[] scope)
    {
        StoreResult result = await Cache.StoreAsync(new StoreCommand
        {
            Namespace = ns,
            Prompt = Prompt.FromText(text),
            Response = CachedResponse.FromText(response),
            Scope = Scope(scope),
        });
        return result.EntryId!.Value;
    }

    public static IReadOnlyDictionary<string, string> Scope((string Key, string Value)[] attributes) =>
        attributes.ToDictionary(attribute => attribute.Key, attribute => attribute.Value);
}
