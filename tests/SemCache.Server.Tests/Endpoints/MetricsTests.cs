using System.Globalization;
using SemCache.Core.Matching.Guards;

namespace SemCache.Server.Tests.Endpoints;

/// <summary>What a scrape of /metrics sees after a known set of calls.</summary>
[Collection(nameof(Alone))]
public sealed class MetricsTests
{
    [Fact]
    public async Task Metrics_AfterCalls_CountEachOfThem()
    {
        await using TestServer server = await TestServer.StartAsync("--SemCache:Limits:MaxNamespaces=2");
        StoreRequest store = Ask.Store("a", "What is the capital of France?", "Paris");
        store.Usage = new Usage { PromptTokens = 3, CompletionTokens = 4, Cost = 0.5 };
        await server.Cache.StoreAsync(store);
        await server.Cache.StoreAsync(Ask.Store("b", "Why?", "Because."));
        await server.Cache.LookupAsync(Ask.Lookup("a", "Why?").InScope(("user", "1")));
        await server.Cache.StoreAsync(Ask.Store("a", "Why?", " "));
        await server.Cache.LookupAsync(Ask.Lookup("a", "What is the capital of France?"));
        await server.Cache.LookupAsync(Ask.Lookup("a", "What is the capital of France?"));
        await server.Cache.LookupAsync(Ask.Lookup("a", "What's the capital of France"));
        await server.Cache.LookupAsync(Ask.Lookup("b", "What is the capital of France?"));
        await Assert.ThrowsAsync<RpcException>(
            async () => await server.Cache.StoreAsync(Ask.Store("c", "Why?", "Because.")));
        await server.Cache.InvalidateAsync(new() { Namespace = "b", EntireNamespace = true });

        // A scrape may be answered from a short-lived cache.
        string[] lines = [];
        await Eventually.TrueAsync(
            async () =>
            {
                lines = (await server.Http.ReadAsync("/metrics")).Text.Split('\n');
                return Value(lines, "semcache_entries_invalidated_total", "namespace=\"b\"") == 1;
            },
            "the invalidation in /metrics");

        Assert.Equal(1, Value(lines, "semcache_lookups_total", "namespace=\"a\"", "outcome=\"miss\"", "reason=\"no_candidate\""));
        Assert.Equal(2, Value(lines, "semcache_lookups_total", "namespace=\"a\"", "outcome=\"exact_hit\""));
        Assert.Equal(1, Value(lines, "semcache_lookups_total", "namespace=\"a\"", "outcome=\"semantic_hit\""));
        Assert.Equal(1, Value(lines, "semcache_lookups_total", "namespace=\"b\""));
        Assert.Equal(1, Value(lines, "semcache_stores_total", "namespace=\"a\"", "result=\"stored\""));
        Assert.Equal(1, Value(lines, "semcache_stores_total", "namespace=\"a\"", "result=\"empty_response\""));
        Assert.Equal(21, Value(lines, "semcache_saved_tokens_total", "namespace=\"a\""));
        Assert.Equal(1.5, Value(lines, "semcache_saved_cost_total", "namespace=\"a\""));
        Assert.Equal(1, Value(lines, "semcache_refused_total", "limit=\"namespaces\""));
        Assert.Equal(1, Value(lines, "semcache_entries", "namespace=\"a\""));
        Assert.Equal(0, Value(lines, "semcache_entries", "namespace=\"b\""));
        Assert.Equal(0, Value(lines, "semcache_lookups_running"));
        Assert.Equal(5, Value(lines, "semcache_lookup_duration_seconds_count"));
        Assert.True(Value(lines, "semcache_log_commit_duration_seconds_count") > 0);
        Assert.True(Value(lines, "semcache_stage_duration_seconds_count", "stage=\"embed\"") > 0);
    }

    [Fact]
    public async Task Metrics_AfterGuardsAndVerifierDecided_TellWhichDidWhat()
    {
        using var folder = new TemporaryFolder();
        await using TestServer server = await TestServer.StartGuardedAsync(
            [
                new MarkerGuard("doubt", "please", GuardVerdict.Suspect),
                new MarkerGuard("marker", "name", GuardVerdict.Stop),
            ],
            $"--SemCache:Model:Path={await CopyOfModel.VerifyingAsync(folder, "similarity")}");
        await server.Cache.StoreAsync(Ask.Store("a", "Name the capital of France", "Paris"));
        await server.Cache.StoreAsync(Ask.Store("b", "Please, what is the capital of France?", "Paris"));
        await server.Cache.LookupAsync(Ask.Lookup("a", "What's the capital of France"));
        await server.Cache.LookupAsync(Ask.Lookup("b", "What's the capital of France"));

        // A scrape may be answered from a short-lived cache.
        string[] lines = [];
        await Eventually.TrueAsync(
            async () =>
            {
                lines = (await server.Http.ReadAsync("/metrics")).Text.Split('\n');
                return Value(lines, "semcache_lookups_total", "reason=\"unverified\"", "namespace=\"b\"") == 1;
            },
            "the lookups in /metrics");

        Assert.Equal(1, Value(lines, "semcache_lookups_total", "reason=\"guarded\"", "namespace=\"a\""));
        Assert.Equal(1, Value(lines, "semcache_guard_stops_total", "guard=\"marker\""));
        Assert.Equal(2, Value(lines, "semcache_stage_duration_seconds_count", "stage=\"guard\""));
        Assert.Equal(1, Value(lines, "semcache_stage_duration_seconds_count", "stage=\"verify\""));
        Assert.Equal(0, Value(lines, "semcache_verifier_queue"));
        GetStatsResponse stats = await server.Admin.GetStatsAsync(new());
        Assert.Equal(
            [MissReason.Guarded, MissReason.Unverified],
            stats.Namespaces.SelectMany(ns => ns.Misses).Select(miss => miss.Reason));
    }

    [Fact]
    public async Task Metrics_OfAGraph_TellItsProgressAndRecall()
    {
        // The same question is asked over and over, and has to be searched for each time.
        await using TestServer server = await TestServer.StartAsync(
            "--SemCache:NamespaceDefaults:Index:FlatEntries=64",
            "--SemCache:Index:ProbeInterval=00:00:00.010",
            "--SemCache:Limits:MaxRecentMatches=0");
        for (int i = 0; i < 70; i++)
        {
            await server.Cache.StoreAsync(Ask.Store("a", $"What is the capital of country {i}?", "Paris"));
        }

        // Entries of the last second are no fair test of a search that began before.
        string[] lines = [];
        await Eventually.TrueAsync(
            async () =>
            {
                await server.Cache.LookupAsync(Ask.Lookup("a", "What's the capital of country 7?"));
                lines = (await server.Http.ReadAsync("/metrics")).Text.Split('\n');
                return Value(lines, "semcache_index_recall") == 1;
            },
            "the recall in /metrics");

        Assert.True(Value(lines, "semcache_index_probes_total", "namespace=\"a\"", "result=\"found\"") >= 1);
        Assert.Equal(double.NaN, Value(lines, "semcache_index_probes_total", "result=\"missed\""));
        Assert.Equal(70, Value(lines, "semcache_index_linked", "namespace=\"a\""));
        Assert.Equal(0, Value(lines, "semcache_index_backlog", "namespace=\"a\""));
        Assert.True(Value(lines, "semcache_index_size_bytes", "namespace=\"a\"") > 70 * 256);
    }

    // The sum over all series of this name that carry these labels; NaN when there is none.
    private static double Value(string[] lines, string name, params string[] labels)
    {
        double[] values = [.. lines
            .Where(line => line.StartsWith(name + "{", StringComparison.Ordinal)
                || line.StartsWith(name + " ", StringComparison.Ordinal))
            .Where(line => labels.All(label => line.Contains(label, StringComparison.Ordinal)))
            .Select(line => line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0])
            .Select(text => double.Parse(text.Split(' ')[^1], CultureInfo.InvariantCulture))];
        return values.Length == 0 ? double.NaN : values.Sum();
    }
}
