using System.Diagnostics;
using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Serving;
using SemCache.LoadTest.Texts;
using SemCache.StorageBench.Figures;

namespace SemCache.StorageBench.Amplification;

/// <summary>
/// Replaces random entries of a server whose live entries take as much of the disk budget as they may, and counts what is
/// written for it: random replaces leave the oldest segment as full as any, which is the worst case.
/// </summary>
internal sealed class AmplificationRun(FileInfo program, AmplificationPlan plan)
{
    private const string Namespace = "amplification";
    private const int Streams = 4;

    // Nothing is searched for, and linking would take most of the time.
    private const string NoGraph = "--SemCache:NamespaceDefaults:Index:FlatEntries=10000000";

    private readonly Random _random = new(1);

    /// <summary>Measures one live ratio.</summary>
    public async Task<AmplificationFigures> RunAsync(double liveRatio, CancellationToken cancellation)
    {
        int entries = plan.Entries(liveRatio);
        IReadOnlyList<string> prompts = QuestionGenerator.Take(entries);
        using var folder = new TemporaryFolder();
        await using ServerProcess server = ServerProcess.Start(
            program,
            folder.Path,
            FormattableString.Invariant($"--SemCache:Storage:LiveRatio={liveRatio}"),
            $"--SemCache:Storage:DiskBudget={plan.DiskBudget}",
            $"--SemCache:Storage:SegmentSize={plan.SegmentSize}",
            NoGraph);
        await server.WaitUntilReadyAsync(cancellation);
        using var connections = new ServerConnections(server.GrpcAddress, Streams);
        using var http = new HttpClient { BaseAddress = server.HttpAddress };

        Report.Progress($"Live ratio {liveRatio}: storing and replacing {entries:N0} entries");
        await StoreAsync(entries, i => i);
        await StoreAsync(plan.StoresOfARound, _ => RandomKey());
        await Task.Delay(Scrape.ShortestInterval, cancellation);
        Scrape before = await Scrape.OfAsync(http, cancellation);
        long begin = Stopwatch.GetTimestamp();
        await StoreAsync(plan.StoresOfARound * plan.Rounds, _ => RandomKey());
        double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        await Task.Delay(Scrape.ShortestInterval, cancellation);
        Scrape after = await Scrape.OfAsync(http, cancellation);
        return new AmplificationFigures(
            liveRatio,
            entries,
            after.AppendedBytes - before.AppendedBytes,
            after.CopiedBytes - before.CopiedBytes,
            after.Evicted,
            FolderSize.Of(folder.Path),
            plan.StoresOfARound * plan.Rounds / seconds);

        int RandomKey()
        {
            lock (_random)
            {
                return _random.Next(entries);
            }
        }

        Task StoreAsync(int count, Func<int, int> keyOf) => new BulkStore(
            Streams,
            count,
            i =>
            {
                int key = keyOf(i);
                return Requests.Store(Namespace, prompts[key], Responses.Of(key, plan.ResponseBytes));
            }).RunAsync(connections, cancellation);
    }
}

/// <summary>What was written for random replaces.</summary>
/// <param name="LiveRatio">The option.</param>
/// <param name="Entries">Entries that are live.</param>
/// <param name="AppendedBytes">Bytes appended to the log, those of compaction included.</param>
/// <param name="CopiedBytes">Of these, bytes that compaction wrote again.</param>
/// <param name="Evicted">Entries evicted from the start on; a few are, while compaction falls behind.</param>
/// <param name="FolderBytes">Bytes of the folder at the end.</param>
/// <param name="StoresPerSecond">Durable stores a second, as fast as they would go.</param>
internal sealed record AmplificationFigures(
    double LiveRatio,
    int Entries,
    double AppendedBytes,
    double CopiedBytes,
    double Evicted,
    long FolderBytes,
    double StoresPerSecond)
{
    /// <summary>Bytes written for each byte that was stored.</summary>
    public double Amplification => AppendedBytes / (AppendedBytes - CopiedBytes);

    /// <summary>What the option promises not to exceed.</summary>
    public double Bound => 1 / (1 - LiveRatio);
}
