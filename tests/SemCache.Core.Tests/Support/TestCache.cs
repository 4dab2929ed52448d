using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using SemCache.Core.Matching.Guards;
using SemCache.Core.Storage;

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
        string folder, FakeTimeProvider? time = null, params (string Key, string Value)[] options) =>
        CreateGuarded(folder, [], time, options);

    /// <summary>A cache with guards of the test's own beside the shipped ones.</summary>
    public static TestCache CreateGuarded(
        string folder, IGuard[] guards, FakeTimeProvider? time = null, params (string Key, string Value)[] options) =>
        Create(folder, guards, devices: null, time, options);

    /// <summary>A cache whose log is written to a device of the test's own.</summary>
    public static TestCache CreateOn(
        string folder, LogDeviceFactory devices, FakeTimeProvider? time = null, params (string Key, string Value)[] options) =>
        Create(folder, [], devices, time, options);

    private static TestCache Create(
        string folder,
        IGuard[] guards,
        LogDeviceFactory? devices,
        FakeTimeProvider? time,
        (string Key, string Value)[] options)
    {
        time ??= new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var settings = new Dictionary<string, string?>
        {
            ["SemCache:Storage:Path"] = folder,
            ["SemCache:Model:Path"] = TestModels.Default,
        };
        foreach ((string key, string value) in options)
        {
            settings["SemCache:" + key] = value;
        }

        IConfigurationRoot configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        var logs = new CollectedLogs();
        IServiceCollection services = new ServiceCollection()
            .AddSingleton<TimeProvider>(time)
            .AddLogging(logging => logging.AddProvider(logs))
            .AddSemCache(configuration);
        foreach (IGuard guard in guards)
        {
            services.AddSingleton(guard);
        }

        if (devices is not null)
        {
            services.AddSingleton(devices);
        }

        return new TestCache(services.BuildServiceProvider(), time, logs, configuration);
    }

    public static async Task<TestCache> StartAsync(
        string folder, FakeTimeProvider? time = null, params (string Key, string Value)[] options)
    {
        TestCache cache = Create(folder, time, options);
        await cache.Cache.StartAsync();
        return cache;
    }

    public static async Task<TestCache> StartGuardedAsync(
        string folder, IGuard[] guards, params (string Key, string Value)[] options)
    {
        TestCache cache = CreateGuarded(folder, guards, null, options);
        await cache.Cache.StartAsync();
        return cache;
    }

    public static async Task<TestCache> StartOnAsync(
        string folder, LogDeviceFactory devices, params (string Key, string Value)[] options)
    {
        TestCache cache = CreateOn(folder, devices, null, options);
        await cache.Cache.StartAsync();
        return cache;
    }

    /// <summary>
    /// Whether a meter is this cache's: tests run side by side, and every cache has the same instruments.
    /// </summary>
    public bool Owns(Meter meter) => meter.Scope == _services.GetRequiredService<IMeterFactory>();

    /// <summary>Notes the first tag of whatever an instrument of this cache measures; dispose what is returned to end it.</summary>
    public MeterListener Record(string instrument, ConcurrentQueue<string> tags)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (published, self) =>
            {
                if (published.Name == instrument && Owns(published.Meter))
                {
                    self.EnableMeasurementEvents(published);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, _, all, _) => tags.Enqueue((string)all[0].Value!));
        listener.SetMeasurementEventCallback<double>((_, _, all, _) => tags.Enqueue((string)all[0].Value!));
        listener.Start();
        return listener;
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();

    public Task<LookupResult> LookupAsync(string text, string ns = "", params (string Key, string Value)[] scope) =>
        Cache.LookupAsync(new LookupQuery { Namespace = ns, Prompt = Prompt.FromText(text), Scope = Scope(scope) });

    /// <summary>A lookup that tells what decided each candidate.</summary>
    public Task<LookupResult> ExplainAsync(string text, string ns = "") => Cache.LookupAsync(
        new LookupQuery { Namespace = ns, Prompt = Prompt.FromText(text), Explain = true });

    public async Task<Guid> StoreAsync(
        string text, string response, string ns = "", params (string Key, string Value)[] scope)
    {
        StoreResult result = await Cache.StoreAsync(Command(text, response, ns, scope));
        return result.EntryId!.Value;
    }

    /// <summary>A store that the test can cancel.</summary>
    public Task<StoreResult> StoreAsync(string text, string response, CancellationToken cancellationToken) =>
        Cache.StoreAsync(Command(text, response, "", []), cancellationToken);

    private static StoreCommand Command(
        string text, string response, string ns, (string Key, string Value)[] scope) => new()
        {
            Namespace = ns,
            Prompt = Prompt.FromText(text),
            Response = CachedResponse.FromText(response),
            Scope = Scope(scope),
        };

    public static IReadOnlyDictionary<string, string> Scope((string Key, string Value)[] attributes) =>
        attributes.ToDictionary(attribute => attribute.Key, attribute => attribute.Value);
}
