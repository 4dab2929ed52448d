using System.Diagnostics;
using HdrHistogram;
using SemCache.LoadTest.Restart;
using SemCache.LoadTest.Serving;
using SemCache.StorageBench.Figures;

namespace SemCache.StorageBench.Soak;

/// <summary>Takes a sample of a server each second.</summary>
internal sealed class Sampler(ServerProcess server, string folder, OpenLoop load)
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    /// <summary>Samples until it is cancelled.</summary>
    public async Task<IReadOnlyList<SecondSample>> RunAsync(CancellationToken until)
    {
        var samples = new List<SecondSample>();
        using var http = new HttpClient { BaseAddress = server.HttpAddress };
        using var timer = new PeriodicTimer(_interval);
        long begin = Stopwatch.GetTimestamp();
        try
        {
            Scrape before = await Scrape.OfAsync(http, until);
            while (await timer.WaitForNextTickAsync(until))
            {
                Scrape now = await Scrape.OfAsync(http, until);
                samples.Add(Take(Stopwatch.GetElapsedTime(begin), before, now));
                before = now;
            }
        }
        catch (OperationCanceledException) when (until.IsCancellationRequested)
        {
            // The load has ended.
        }

        return samples;
    }

    private SecondSample Take(TimeSpan at, Scrape before, Scrape now)
    {
        LongHistogram exact = load.ExactHits.Take();
        LongHistogram other = load.OtherLookups.Take();
        return new SecondSample(
            at.TotalSeconds,
            ResidentMemory.Of(server.Id),
            now.AccountedBytes,
            FolderSize.Of(folder),
            now.LogBytes,
            now.LiveBytes,
            now.Entries,
            now.Evicted - before.Evicted,
            now.CompactionBytes - before.CompactionBytes + now.SegmentsGivenBack - before.SegmentsGivenBack,
            Quantiles.Of(exact),
            Quantiles.Of(other),
            Quantiles.Of(load.Stores.Take()),
            exact,
            other);
    }
}
