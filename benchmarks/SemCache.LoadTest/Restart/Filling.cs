using System.Diagnostics;
using SemCache.LoadTest.Commands;
using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Serving;
using SemCache.LoadTest.Texts;
using SemCache.V1;

namespace SemCache.LoadTest.Restart;

/// <summary>The entries that a server is filled with, and the lookups that show that it has them.</summary>
internal sealed class Filling(IReadOnlyList<string> texts, int responseBytes, int streams)
{
    private const int SemanticCandidates = 200;

    // A server that has done nothing yet would have its own start-up counted as memory of the entries.
    private const int WarmupEntries = 500;

    private const string Namespace = "loadtest-restart";

    /// <summary>Streams to store over, each with a connection of its own.</summary>
    public int Streams => streams;

    /// <summary>An exact hit on the filled server.</summary>
    public Probe Exact => ProbeOf(texts.Count / 2);

    /// <summary>Stores everything and measures that.</summary>
    public async Task<FillFigures> RunAsync(
        ServerProcess server, ServerConnections connections, CancellationToken cancellation)
    {
        await WarmUpAsync(connections, cancellation);
        long memoryBefore = await ResidentMemory.SettledAsync(server.Id, cancellation);
        long logBefore = (await StatsAsync(connections, cancellation)).LogBytes;

        Report.Progress($"Storing {texts.Count:N0} entries");
        long begin = Stopwatch.GetTimestamp();
        await StoreAsync(connections, Namespace, texts.Count, cancellation);
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;

        GetStatsResponse stats = await StatsAsync(connections, cancellation);
        NamespaceStats own = stats.Namespaces.Single(one => one.Namespace == Namespace);
        long memoryAfter = await ResidentMemory.SettledAsync(server.Id, cancellation);
        return new FillFigures(
            texts.Count, seconds, memoryBefore, memoryAfter, stats.LogBytes - logBefore, own.VectorBytes);
    }

    /// <summary>A rewording that hits the right entry.</summary>
    /// <exception cref="NotMeasuredException">There is none.</exception>
    public async Task<Probe> FindSemanticAsync(ServerConnections connections, CancellationToken cancellation)
    {
        int candidates = Math.Min(SemanticCandidates, texts.Count);
        Probe[] reworded = [.. Enumerable.Range(0, candidates).Select(i => new Probe(
            Requests.Lookup(Namespace, Rewordings.Of(texts[i], i)), Outcome.SemanticHit, ResponseOf(i)))];
        string?[] checks = await connections.CheckAllAsync(streams, candidates, i => reworded[i], cancellation);
        int first = Array.IndexOf(checks, null);
        return first >= 0
            ? reworded[first]
            : throw new NotMeasuredException($"None of {candidates} rewordings is a semantic hit ({checks[0]}).");
    }

    /// <summary>Looks every entry up.</summary>
    /// <returns>How many are not there as they were stored.</returns>
    public async Task<int> CountLostAsync(ServerConnections connections, CancellationToken cancellation)
    {
        Report.Progress($"Looking up {texts.Count:N0} entries");
        string?[] checks = await connections.CheckAllAsync(streams * 4, texts.Count, ProbeOf, cancellation);
        return checks.Count(check => check is not null);
    }

    private string ResponseOf(int i) => Responses.Of(i, responseBytes);

    private Probe ProbeOf(int i) => new(Requests.Lookup(Namespace, texts[i]), Outcome.ExactHit, ResponseOf(i));

    private Task StoreAsync(
        ServerConnections connections, string inNamespace, int count, CancellationToken cancellation) =>
        new BulkStore(streams, count, i => Requests.Store(inNamespace, texts[i], ResponseOf(i)))
            .RunAsync(connections, cancellation);

    private async Task WarmUpAsync(ServerConnections connections, CancellationToken cancellation)
    {
        await using var aside = new RunNamespace(connections, "warmup");
        int some = Math.Min(WarmupEntries, texts.Count);
        await StoreAsync(connections, aside.Name, some, cancellation);
        LookupRequest[] lookups =
            [.. texts.Take(some).Select((text, i) => Requests.Lookup(aside.Name, Rewordings.Of(text, i)))];
        await connections.LookupAllAsync(streams, lookups, cancellation);
    }

    private static async Task<GetStatsResponse> StatsAsync(
        ServerConnections connections, CancellationToken cancellation) =>
        await connections.First.Admin.GetStatsAsync(new GetStatsRequest(), cancellationToken: cancellation);
}
