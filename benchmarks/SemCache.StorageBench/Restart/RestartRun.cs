using System.Diagnostics;
using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Restart;
using SemCache.LoadTest.Serving;
using SemCache.StorageBench.Figures;
using SemCache.V1;

namespace SemCache.StorageBench.Restart;

/// <summary>
/// Writes a store, starts the server's process on it without any snapshot, waits until all is linked, stops it, and starts
/// it again with the snapshots, after a clean stop and after a kill by turns.
/// </summary>
internal sealed class RestartRun(FileInfo program, string model, int rounds, TimeSpan patience)
{
    // Counts as memory used, and is there without entries too: the default of Storage:MemorySize.
    private const long WriteBufferBytes = 32L << 20;

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(20);

    private static readonly Probe _exact = ProbeOf(SyntheticStore.Question, Outcome.ExactHit);
    private static readonly Probe _semantic = ProbeOf(SyntheticStore.Reworded, Outcome.SemanticHit);

    /// <summary>Measures all starts of one store.</summary>
    public async Task<IReadOnlyList<RestartFigures>> RunAsync(int entries, int perPartition, CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        Report.Progress($"Writing {entries:N0} entries, {perPartition:N0} in a partition");
        await new SyntheticStore(model, entries, perPartition).WriteAsync(folder.Path, cancellation);
        var figures = new List<RestartFigures>
        {
            await StartAsync(folder.Path, entries, perPartition, "no snapshot", isKilled: false, cancellation),
        };
        for (int round = 0; round < rounds; round++)
        {
            figures.Add(await StartAsync(folder.Path, entries, perPartition, "clean stop", isKilled: true, cancellation));
            figures.Add(await StartAsync(folder.Path, entries, perPartition, "kill", isKilled: false, cancellation));
        }

        return figures;
    }

    private async Task<RestartFigures> StartAsync(
        string folder, int entries, int perPartition, string after, bool isKilled, CancellationToken cancellation)
    {
        Report.Progress($"Starting after: {after}");
        await using ServerProcess server = ServerProcess.Start(program, folder);
        using var connections = new ServerConnections(server.GrpcAddress, 2);
        StartTimes times = await StartTimes.MeasureAsync(server, connections, _exact, _semantic, cancellation);
        await WaitUntilHealthyAsync(server, cancellation);
        double healthy = Stopwatch.GetElapsedTime(server.StartedAt).TotalSeconds;
        using var http = new HttpClient { BaseAddress = server.HttpAddress };
        Scrape metrics = await Scrape.OfAsync(http, cancellation);
        long resident = ResidentMemory.Of(server.Id);
        double? stop = null;
        if (isKilled)
        {
            await server.KillAsync();
        }
        else
        {
            long begin = Stopwatch.GetTimestamp();
            await server.StopAsync();
            stop = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        }

        return new RestartFigures(
            entries, perPartition, after, times, healthy, (metrics.AccountedBytes - WriteBufferBytes) / entries, resident, stop);
    }

    private async Task WaitUntilHealthyAsync(ServerProcess server, CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            while (await server.ReadinessAsync(limit.Token) != "Healthy")
            {
                server.ThrowIfEnded();
                await Task.Delay(_pause, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new NotMeasuredException($"The indexes were not complete in {patience} (--patience).");
        }
    }

    private static Probe ProbeOf(string prompt, Outcome outcome) => new(
        new LookupRequest { Namespace = SyntheticStore.Namespace, Prompt = new Prompt { Text = prompt } },
        outcome,
        SyntheticStore.Answer);
}

/// <summary>One start.</summary>
/// <param name="Entries">Entries in the store.</param>
/// <param name="PerPartition">Entries in a partition.</param>
/// <param name="After">What the start found.</param>
/// <param name="Times">Seconds from the start of the process to the first of each.</param>
/// <param name="Healthy">Seconds from the start of the process until nothing was left to do.</param>
/// <param name="AccountedPerEntry">Bytes of memory that an entry takes by the server's own account.</param>
/// <param name="Resident">Resident bytes of the process then.</param>
/// <param name="Stop">Seconds that a clean stop took; null when the server was killed.</param>
internal sealed record RestartFigures(
    int Entries,
    int PerPartition,
    string After,
    StartTimes Times,
    double Healthy,
    double AccountedPerEntry,
    long Resident,
    double? Stop);
