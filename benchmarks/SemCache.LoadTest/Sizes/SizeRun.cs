using System.Diagnostics;
using SemCache.LoadTest.Content;
using SemCache.LoadTest.Load;
using SemCache.LoadTest.Loops;
using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Serving;
using SemCache.LoadTest.Targets;
using SemCache.V1;

namespace SemCache.LoadTest.Sizes;

/// <summary>Grows a server from size to size and measures at each.</summary>
internal sealed class SizeRun(
    ServerProcess server, ServerConnections connections, Corpus corpus, SizePlan plan, ErrorSamples errors)
{
    /// <summary>Calls in flight where latencies are measured.</summary>
    public const int Alone = 1;

    private static readonly TimeSpan _poll = Scrape.ShortestInterval;

    /// <summary>The kinds of calls that are measured, beside `ping`.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [KindTargets.Exact, KindTargets.Semantic];

    /// <summary>The figures of all sizes.</summary>
    /// <exception cref="NotMeasuredException">Entries were evicted.</exception>
    public async Task<IReadOnlyList<SizeFigures>> RunAsync(CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = server.HttpAddress };
        var filled = new FilledNamespace(connections, corpus);
        var figures = new List<SizeFigures>();
        foreach (int size in plan.Sizes)
        {
            figures.Add(await AtAsync(size, filled, http, cancellation));
        }

        return figures;
    }

    private async Task<SizeFigures> AtAsync(
        int size, FilledNamespace filled, HttpClient http, CancellationToken cancellation)
    {
        long begin = Stopwatch.GetTimestamp();
        await filled.FillAsync(size, cancellation);
        double fillSeconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        begin = Stopwatch.GetTimestamp();
        await WaitUntilLinkedAsync(http, cancellation);
        double linkSeconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
        Scrape before = await Scrape.OfAsync(http, cancellation);
        if (before.Evicted > 0)
        {
            throw new NotMeasuredException($"{before.Evicted:N0} of {size:N0} entries were evicted: the machine is too small.");
        }

        Report.Progress($"Asking {Math.Min(size, plan.Probes):N0} rewordings among {size:N0} entries");
        Findings found = await Findings.AskAsync(connections, corpus, filled, plan.Probes, cancellation);
        if (found.Fit.Length == 0)
        {
            throw new NotMeasuredException($"None of {found.Asked:N0} rewordings was answered with its own entry.");
        }

        IReadOnlyList<ScenarioFigures> scenarios =
            await new Rounds(plan.Rounds, LoopTime.Seconds(plan.Warmup, plan.Seconds), errors)
                .RunAsync(await ScenariosAsync(filled, found, cancellation), cancellation);
        Scrape after = await Scrape.OfAsync(http, cancellation);
        return new SizeFigures(
            size, fillSeconds, linkSeconds, found, after.ProbesMade - before.ProbesMade,
            after.ProbesFound - before.ProbesFound, scenarios);
    }

    private async Task<IReadOnlyList<Scenario>> ScenariosAsync(
        FilledNamespace filled, Findings found, CancellationToken cancellation)
    {
        LookupRequest request = corpus.Exact(filled.Name, 0).Request;
        LookupResponse answer = await connections.First.Cache.LookupAsync(request, cancellationToken: cancellation);
        var exact = new LookupTarget(KindTargets.Exact, connections, filled.Exact());
        var semantic = new LookupTarget(KindTargets.Semantic, connections, found.Fit);
        var scenarios = new List<Scenario>();
        foreach (int inFlight in new[] { Alone, plan.InFlight })
        {
            PingTarget ping = PingTarget.Sized("ping", connections, request, answer);
            scenarios.Add(Scenario.Empty(ping, inFlight));
            scenarios.Add(new Scenario(exact, inFlight, ping));
            scenarios.Add(new Scenario(semantic, inFlight, ping));
        }

        return scenarios;
    }

    private static async Task WaitUntilLinkedAsync(HttpClient http, CancellationToken cancellation)
    {
        while ((await Scrape.OfAsync(http, cancellation)).IndexBacklog > 0)
        {
            await Task.Delay(_poll, cancellation);
        }
    }
}
