using Google.Protobuf.WellKnownTypes;

namespace SemCache.Server.Tests.Caching;

/// <summary>The figures of a namespace add up to what was done in it.</summary>
public sealed class StatsTests(SharedServer shared) : ServerTest(shared)
{
    private const string Question = "What is the capital of France?";
    private const string Paraphrase = "What's the capital of France";

    [Fact]
    public async Task GetStats_AfterEveryKindOfLookup_CountsEach()
    {
        await LookupAsync(Question);
        StoreRequest request = Ask.Store(Namespace, Question, "Paris");
        request.Usage = new Usage
        {
            PromptTokens = 10,
            CompletionTokens = 5,
            Cost = 0.5,
            Latency = Duration.FromTimeSpan(TimeSpan.FromSeconds(2)),
        };
        await Cache.StoreAsync(request);
        await Cache.StoreAsync(Ask.Store(Namespace, Question, "Paris").InScope(("user", "1")));
        await Cache.StoreAsync(Ask.Store(Namespace, "not admitted", ""));
        await LookupAsync(Question);
        await LookupAsync(Question);
        await LookupAsync(Paraphrase);
        await LookupAsync("How do I boil an egg?");
        await Cache.LookupAsync(Ask.Lookup(Namespace, Question).InScope(("user", "2")));
        await LookupAsync(string.Join(' ', Enumerable.Repeat("long", 500)));

        NamespaceStats stats = await StatsAsync();

        Assert.Equal(Namespace, stats.Namespace);
        Assert.Equal((2, 2, 2), (stats.Entries, stats.Partitions, stats.Stores));
        Assert.Equal((7, 2, 1), (stats.Lookups, stats.ExactHits, stats.SemanticHits));
        Assert.Equal(
            [(MissReason.NoCandidate, 2L), (MissReason.BelowThreshold, 1L), (MissReason.OverWindow, 1L)],
            stats.Misses.Select(miss => (miss.Reason, miss.Count)));
        Assert.Equal(stats.Lookups, stats.ExactHits + stats.SemanticHits + stats.Misses.Sum(miss => miss.Count));
        Assert.Equal((45, 1.5), (stats.Saved.Tokens, stats.Saved.Cost));
        Assert.Equal(TimeSpan.FromSeconds(6), stats.Saved.Time.ToTimeSpan());
        Assert.InRange(stats.Bytes, 2 * 256 * sizeof(float), 1 << 20);
        Assert.InRange(stats.VectorBytes, 2 * 256, 1 << 20);
        Assert.InRange(stats.MemoryBytes, 2 * 256, 1 << 20);
        Assert.Equal(0, stats.Evicted);
        Assert.True(stats.LookupLatency.P50.ToTimeSpan() > TimeSpan.Zero);
        Assert.True(stats.LookupLatency.P50.ToTimeSpan() <= stats.LookupLatency.P95.ToTimeSpan());
        Assert.True(stats.LookupLatency.P95.ToTimeSpan() <= stats.LookupLatency.P99.ToTimeSpan());
        Assert.True(stats.LookupLatency.P99.ToTimeSpan() <= stats.LookupLatency.Max.ToTimeSpan());
    }

    [Fact]
    public async Task GetStats_AfterInvalidate_CountsNothingAnyMore()
    {
        await Cache.StoreAsync(Ask.Store(Namespace, Question, "Paris"));
        await Cache.InvalidateAsync(new() { Namespace = Namespace, EntireNamespace = true });

        NamespaceStats stats = await StatsAsync();

        Assert.Equal((0, 0, 0, 0), (stats.Entries, stats.Partitions, stats.Bytes, stats.VectorBytes));
        Assert.Equal(1, stats.Stores);
    }

    [Fact]
    public async Task GetStats_OfAllNamespaces_ListsThemInOrderWithTheServersOwnFigures()
    {
        await Cache.StoreAsync(Ask.Store(Namespace + "b", Question, "Paris"));
        await Cache.StoreAsync(Ask.Store(Namespace + "a", Question, "Paris"));

        GetStatsResponse all = await Admin.GetStatsAsync(new());

        string[] names = [.. all.Namespaces.Select(stats => stats.Namespace)];
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
        Assert.Contains(Namespace + "a", names);
        Assert.Contains(Namespace + "b", names);
        Assert.Equal("semcache-mini-v0", all.Model);
        Assert.True(all.LogBytes > 0);
        Assert.InRange(all.LiveBytes, all.Namespaces.Max(ns => ns.Bytes), all.LogBytes);
        Assert.InRange(all.MemoryBytes, all.Namespaces.Sum(ns => ns.MemoryBytes), all.MemoryBudget);
        Assert.True(all.DiskBudget > all.LiveBytes);
        Assert.InRange(
            TimeProvider.System.GetUtcNow() - all.Since.ToDateTimeOffset(), TimeSpan.Zero, TimeSpan.FromHours(1));
    }

    [Fact]
    public async Task GetStats_OfANamespaceNobodyKnows_IsEmpty() =>
        Assert.Empty((await Admin.GetStatsAsync(new() { Namespace = Namespace })).Namespaces);

    private async Task LookupAsync(string text) => await Cache.LookupAsync(Ask.Lookup(Namespace, text));

    private async Task<NamespaceStats> StatsAsync() =>
        Assert.Single((await Admin.GetStatsAsync(new() { Namespace = Namespace })).Namespaces);
}
