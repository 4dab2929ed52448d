using System.Diagnostics;
using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Serving;
using SemCache.LoadTest.Texts;
using SemCache.StorageBench.Figures;
using SemCache.V1;

namespace SemCache.StorageBench.Cold;

/// <summary>Exact hits whose response is on the device only, next to ones whose response the page cache has.</summary>
internal sealed class ColdReads(FileInfo program, int entries, int responseBytes, int reads)
{
    private const string Namespace = "cold";
    private const int FillStreams = 4;
    private const int WarmUps = 500;

    private readonly IReadOnlyList<string> _prompts = QuestionGenerator.Take(entries);
    private readonly Random _random = new(1);

    /// <summary>Fills a server, and measures one lookup after the other, by turns cold and warm.</summary>
    public async Task<ColdFigures> RunAsync(CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        await using ServerProcess server = ServerProcess.Start(
            program, folder.Path, "--SemCache:Storage:HotResponseShare=0", "--SemCache:Storage:SegmentSize=16777216");
        await server.WaitUntilReadyAsync(cancellation);
        using var connections = new ServerConnections(server.GrpcAddress, FillStreams);
        Report.Progress($"Storing {entries:N0} entries");
        await new BulkStore(
            FillStreams,
            entries,
            i => Requests.Store(Namespace, _prompts[i], Responses.Of(i, responseBytes))).RunAsync(connections, cancellation);
        await server.WaitUntilReadyAsync(cancellation);
        for (int i = 0; i < WarmUps; i++)
        {
            await LookUpAsync(connections, _random.Next(entries), cancellation);
        }

        var (cold, warm) = (new Latencies(), new Latencies());
        long fromDevice = 0;
        for (int i = 0; i < reads; i++)
        {
            int key = _random.Next(entries);
            PageCache.Forget(folder.Path);
            long before = DeviceReads.Of(server.Id);
            cold.Record(await LookUpAsync(connections, key, cancellation));
            fromDevice += DeviceReads.Of(server.Id) - before;

            // The record just read is in the page cache now, and nowhere else.
            warm.Record(await LookUpAsync(connections, key, cancellation));
        }

        return new ColdFigures(
            entries, responseBytes, Quantiles.Of(cold.Take()), Quantiles.Of(warm.Take()), (double)fromDevice / reads);
    }

    private async Task<TimeSpan> LookUpAsync(ServerConnections connections, int key, CancellationToken cancellation)
    {
        var probe = new Probe(Requests.Lookup(Namespace, _prompts[key]), Outcome.ExactHit, Responses.Of(key, responseBytes));
        long start = Stopwatch.GetTimestamp();
        LookupResponse answer = await connections.First.Cache.LookupAsync(probe.Request, cancellationToken: cancellation);
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        return probe.Check(answer) is { } wrong ? throw new NotMeasuredException($"Entry {key}: {wrong}.") : elapsed;
    }
}

/// <summary>What hits take, in milliseconds.</summary>
/// <param name="Entries">Entries stored.</param>
/// <param name="ResponseBytes">Bytes of each response.</param>
/// <param name="Cold">Hits whose response came from the device.</param>
/// <param name="Warm">Hits whose response the page cache had.</param>
/// <param name="BytesFromDevice">Bytes that a cold hit read from the device, on average: 0 means that it was none.</param>
internal sealed record ColdFigures(int Entries, int ResponseBytes, Quantiles Cold, Quantiles Warm, double BytesFromDevice);
