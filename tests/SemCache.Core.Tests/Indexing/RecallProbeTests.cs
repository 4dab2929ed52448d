using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using SemCache.Core.Diagnostics;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing;

public sealed class RecallProbeTests : IAsyncDisposable
{
    private static readonly DateTimeOffset _now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly IndexMaintenance _maintenance = new(1, _ => { });
    private readonly FakeTimeProvider _time = new(_now);
    private readonly SmallIndex _small;
    private readonly float[] _query = TestEntries.RandomVector(new Random(2), 32);
    private readonly ScoredEntry[] _nearest = new ScoredEntry[4];

    public RecallProbeTests()
    {
        _small = SmallIndex.Linked(_maintenance, 200);
        Assert.Equal(_nearest.Length, _small.Index.Scan(_query, _nearest));
    }

    public ValueTask DisposeAsync() => _maintenance.DisposeAsync();

    [Fact]
    public void Judge_SearchThatFoundTheNearest_IsFound() => Assert.True(RecallProbe.Judge(Sample(_nearest[0])));

    [Fact]
    public void Judge_SearchThatFoundTheSecondOnly_IsMissed() => Assert.False(RecallProbe.Judge(Sample(_nearest[1])));

    [Fact]
    public void Judge_SearchThatFoundNothing_IsMissed() => Assert.False(RecallProbe.Judge(Sample(null)));

    [Fact]
    public void Judge_SearchThatFoundAnotherAsNear_IsFound()
    {
        Entry twin = _small.Add(_small.Vectors[_nearest[0].Entry]);
        Assert.True(RecallProbe.Judge(Sample(_nearest[0])));
        Assert.True(RecallProbe.Judge(Sample(new ScoredEntry(twin, _nearest[0].Similarity))));
    }

    [Fact]
    public void Judge_NothingReachesTheThreshold_CannotBeTold()
    {
        RecallSample sample = Sample(_nearest[1]);
        Assert.False(RecallProbe.Judge(sample with { Threshold = _nearest[0].Similarity - 0.01f }));
        Assert.Null(RecallProbe.Judge(sample with { Threshold = _nearest[0].Similarity + 0.01f }));
    }

    [Fact]
    public void Judge_NearestWasAddedAfterTheSearch_CannotBeTold()
    {
        Entry added = _small.Add(_query, _now.AddMilliseconds(1));
        Assert.Null(RecallProbe.Judge(Sample(_nearest[0])));

        _small.Remove(added);
        _small.Add(_query, _now.AddMinutes(-1));
        Assert.False(RecallProbe.Judge(Sample(_nearest[0])));
    }

    [Fact]
    public void Judge_WhatWasFoundIsGone_CannotBeTold()
    {
        _small.Remove(_nearest[0].Entry);
        Assert.Null(RecallProbe.Judge(Sample(_nearest[0])));
    }

    [Fact]
    public async Task TryTake_ManyLookups_OneAnInterval()
    {
        await using RecallProbe probe = Create(TimeSpan.FromSeconds(1), TestModels.NewMetrics());
        Assert.True(probe.TryTake(_small.Index));
        Assert.False(probe.TryTake(_small.Index));
        _time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(probe.TryTake(_small.Index));
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.True(probe.TryTake(_small.Index));
    }

    [Fact]
    public async Task TryTake_WithoutAGraphOrSwitchedOff_Never()
    {
        await using RecallProbe probe = Create(TimeSpan.FromSeconds(1), TestModels.NewMetrics());
        await using RecallProbe off = Create(TimeSpan.Zero, TestModels.NewMetrics());
        _time.Advance(TimeSpan.FromDays(1));
        Assert.False(probe.TryTake(new SmallIndex(_maintenance).Index));
        Assert.False(off.TryTake(_small.Index));
    }

    [Fact]
    public async Task Add_FoundAndMissed_AreCountedAndShared()
    {
        await using ServiceProvider services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        IMeterFactory meters = services.GetRequiredService<IMeterFactory>();
        using var results = new ProbeResults(meters);
        await using RecallProbe probe = Create(TimeSpan.FromSeconds(1), new SemCacheMetrics(meters));
        Assert.Null(probe.Recall);

        foreach (int found in (int[])[0, 0, 1, 0])
        {
            int before = results.All.Length;
            probe.Add(Sample(_nearest[found]));
            Assert.True(SpinWait.SpinUntil(() => results.All.Length > before, TimeSpan.FromSeconds(30)));
        }

        Assert.Equal(["a found", "a found", "a missed", "a found"], results.All);
        Assert.Equal(0.75, probe.Recall);
    }

    private RecallProbe Create(TimeSpan interval, SemCacheMetrics metrics) =>
        new(interval, metrics, _time, exception => Assert.Fail(exception.ToString()));

    private RecallSample Sample(ScoredEntry? nearest) => new("a", _small.Index, _query, -1, nearest, _now);

    private sealed class ProbeResults : IDisposable
    {
        private readonly MeterListener _listener = new();
        private volatile string[] _all = [];

        public ProbeResults(IMeterFactory meters)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "semcache.index.probes" && instrument.Meter.Scope == meters)
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>(
                (_, _, tags, _) => _all = [.. _all, $"{tags[0].Value} {tags[1].Value}"]);
            _listener.Start();
        }

        public string[] All => _all;

        public void Dispose() => _listener.Dispose();
    }
}
