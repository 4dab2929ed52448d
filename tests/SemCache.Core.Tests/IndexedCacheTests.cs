using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Core.Prompts;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests;

/// <summary>A cache whose partitions have graphs from 65 entries on.</summary>
public sealed class IndexedCacheTests : IDisposable
{
    private const int Entries = 100;

    private readonly TemporaryFolder _folder = new();
    private readonly Random _random = new(1);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Store_PartitionIsTooFarBehind_WaitsAndStoresNothingWhenCancelled()
    {
        await using TestCache cache = await StartAsync(("Index:MaxBacklog", "64"));
        await FillAsync(cache, "a");
        await EventuallyAsync(() => cache.Cache.ValidateIndexes("a").Reports is [{ Index: { Linked: Entries, Pending: 0 } }]);
        Partition partition = cache.Cache.Require().Registry.Partitions.Single();
        using var cancelled = new CancellationTokenSource();

        // Maintenance needs the gate and cannot catch up; a store that did not wait before it would be stuck at it.
        using var release = new ManualResetEventSlim();
        var held = new TaskCompletionSource();
        Task holder = Task.Run(() =>
        {
            lock (partition.Gate)
            {
                AddRandom(partition, 65);
                held.SetResult();
                release.Wait();
            }
        });
        await held.Task;
        Task store = Task.Run(() => StoreAsync(cache, "too many", cancelled.Token));
        Task first = await Task.WhenAny(store, Task.Delay(TimeSpan.FromMilliseconds(300)));
        await cancelled.CancelAsync();
        Exception? ended = await Record.ExceptionAsync(() => store.WaitAsync(TimeSpan.FromSeconds(20)));
        release.Set();
        await holder;

        Assert.NotSame(store, first);
        Assert.IsAssignableFrom<OperationCanceledException>(ended);
        await EventuallyAsync(() => partition.Index.Backlog == 0);
        Assert.Equal(Entries, Assert.Single(cache.Cache.GetStats("a")).Entries);
        await StoreAsync(cache, "no more", default);
        Assert.Equal(LookupOutcome.ExactHit, (await cache.LookupAsync("no more", "a")).Outcome);
    }

    [Fact]
    public async Task Start_WithEntriesToLink_ServesThemAndSaysWhenTheyAreLinked()
    {
        await using (TestCache before = await TestCache.StartAsync(_folder.Path))
        {
            await FillAsync(before, "a");
            Assert.True(before.Cache.IsIndexReady);
        }

        await using TestCache cache = await StartAsync();
        LookupResult semantic = await cache.LookupAsync("This is the Question number 7", "a");
        await EventuallyAsync(() => cache.Cache.IsIndexReady);

        Assert.Equal((LookupOutcome.SemanticHit, "7"), (semantic.Outcome, semantic.Entry?.Response.Text));
        Assert.Equal(0, cache.Cache.EntriesToLink);
        Assert.Equal(Entries, Assert.Single(cache.Cache.ValidateIndexes().Reports).Index.Linked);
        await EventuallyAsync(() => cache.Logs.At(LogLevel.Information).Any(
            line => line.StartsWith($"The vector indexes are complete: {Entries} entries", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task IsIndexReady_BeforeTheStart_IsFalse()
    {
        await using TestCache cache = TestCache.Create(_folder.Path);
        Assert.False(cache.Cache.IsIndexReady);
    }

    [Fact]
    public async Task Reload_FewerFlatEntries_MakesAGraphWithoutAnyStore()
    {
        await using TestCache cache = await TestCache.StartAsync(_folder.Path, null, ("Storage:Durability", "None"));
        await FillAsync(cache, "team");
        await FillAsync(cache, "other");
        Assert.Empty(cache.Cache.ValidateIndexes().Reports);

        cache.Configuration["SemCache:Namespaces:team:Index:FlatEntries"] = "64";
        cache.Configuration.Reload();
        await EventuallyAsync(() => cache.Cache.ValidateIndexes().Reports is [{ Namespace: "team", Index.Linked: Entries }]);

        cache.Configuration["SemCache:Namespaces:team:Index:FlatEntries"] = "200";
        cache.Configuration.Reload();
        await EventuallyAsync(() => cache.Cache.ValidateIndexes().Reports.Count == 0);
        Assert.Equal(
            LookupOutcome.SemanticHit, (await cache.LookupAsync("This is the Question number 7", "team")).Outcome);
    }

    [Fact]
    public async Task ValidateIndexes_OfSeveralNamespaces_ReportsPartitionsWithAGraph()
    {
        await using TestCache cache = await StartAsync();
        await FillAsync(cache, "a", ("user", "1"));
        await cache.StoreAsync("alone", "r", "a");
        await cache.StoreAsync("alone", "r", "b");
        await EventuallyAsync(() => cache.Cache.ValidateIndexes("a").Reports is [{ Index.Linked: Entries }]);

        IndexValidation all = cache.Cache.ValidateIndexes();
        IndexValidation own = cache.Cache.ValidateIndexes("a");

        Assert.Equal((3, Entries + 2, 0, 0), (all.Partitions, all.Entries, all.FaultyPartitions, all.ReportsLeftOut));
        Assert.Equal((2, Entries + 1), (own.Partitions, own.Entries));
        PartitionIndexReport report = Assert.Single(own.Reports);
        Assert.Equal(("a", "1"), (report.Namespace, report.Scope["user"]));
        Assert.Equal((Entries, 0), (report.Index.Entries, report.Index.Pending));
        Assert.Empty(report.Index.Problems);
        Assert.Equal(0, cache.Cache.ValidateIndexes("nobody").Partitions);
        Assert.Throws<InvalidRequestException>(() => cache.Cache.ValidateIndexes("?"));
    }

    [Fact]
    public async Task ValidateIndexes_OfMorePartitionsThanAreReported_LeavesTheSmallestOut()
    {
        const int partitions = SemanticCache.MaxIndexReports + 3;
        await using TestCache cache = await StartAsync();
        PartitionRegistry registry = cache.Cache.Require().Registry;
        for (int i = 0; i < partitions; i++)
        {
            Partition partition = registry.GetOrAdd(new PartitionIdentity("a", CanonicalScope.Empty, (UInt128)i));
            lock (partition.Gate)
            {
                AddRandom(partition, SmallIndex.FlatEntries + 1 + i);
            }
        }

        await EventuallyAsync(() => registry.Partitions.All(partition => partition.Index is { Linked: > 0, Backlog: 0 }));
        IndexValidation found = cache.Cache.ValidateIndexes();

        Assert.Equal((partitions, 3), (found.Partitions, found.ReportsLeftOut));
        Assert.Equal(SemanticCache.MaxIndexReports, found.Reports.Count);
        Assert.Equal(SmallIndex.FlatEntries + 4, found.Reports.Min(report => report.Index.Entries));
    }

    [Fact]
    public async Task Metrics_OfAnIndex_TellItsSizeProgressAndRecall()
    {
        await using TestCache cache = await StartAsync(("NamespaceDefaults:Threshold", "0.5"));
        await FillAsync(cache, "a");
        await EventuallyAsync(() => cache.Cache.ValidateIndexes().Reports is [{ Index: { Linked: Entries, Pending: 0 } }]);
        using var gauges = new Gauges(cache);
        Assert.Equal(Entries, gauges.Read("semcache.index.linked"));
        Assert.Equal(0, gauges.Read("semcache.index.backlog"));
        Assert.InRange(gauges.Read("semcache.index.size") ?? 0, Entries * 256, Entries * 256 * 100);
        Assert.Equal(gauges.Read("semcache.index.size"), Assert.Single(cache.Cache.GetStats()).VectorBytes);
        Assert.Null(gauges.Read("semcache.index.recall"));

        cache.Time.Advance(TimeSpan.FromMinutes(1));
        await cache.LookupAsync("This is the Question number 7", "a");

        await EventuallyAsync(() => gauges.Read("semcache.index.recall") is 1);
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        for (int i = 0; i < 3000; i++)
        {
            if (condition())
            {
                return;
            }

            await Task.Delay(10);
        }

        Assert.Fail("The condition did not come true.");
    }

    private static Task StoreAsync(TestCache cache, string text, CancellationToken cancellationToken) =>
        cache.Cache.StoreAsync(
            new StoreCommand { Namespace = "a", Prompt = Prompt.FromText(text), Response = CachedResponse.FromText("r") },
            cancellationToken);

    private static async Task FillAsync(TestCache cache, string ns, params (string Key, string Value)[] scope)
    {
        for (int i = 0; i < Entries; i++)
        {
            await cache.StoreAsync($"This is question number {i}", $"{i}", ns, scope);
        }
    }

    private void AddRandom(Partition partition, int entries)
    {
        for (int i = 0; i < entries; i++)
        {
            partition.Index.Add(TestEntries.New(), TestEntries.RandomVector(_random, 256));
        }
    }

    private Task<TestCache> StartAsync(params (string Key, string Value)[] options) => TestCache.StartAsync(
        _folder.Path,
        null,
        [
            ("Storage:Durability", "None"),
            ("NamespaceDefaults:Index:FlatEntries", $"{SmallIndex.FlatEntries}"),
            .. options,
        ]);

    /// <summary>Reads the gauges of one cache.</summary>
    private sealed class Gauges : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly Dictionary<string, double> _values = [];

        public Gauges(TestCache cache)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (cache.Owns(instrument.Meter) && instrument.Name.StartsWith("semcache.index.", StringComparison.Ordinal))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Note(instrument.Name, value));
            _listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Note(instrument.Name, value));
            _listener.Start();
        }

        public double? Read(string name)
        {
            lock (_values)
            {
                _values.Clear();
                _listener.RecordObservableInstruments();
                return _values.TryGetValue(name, out double value) ? value : null;
            }
        }

        public void Dispose() => _listener.Dispose();

        private void Note(string name, double value)
        {
            lock (_values)
            {
                _values[name] = value;
            }
        }
    }
}
