using SemCache.LoadTest.Loops;
using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Targets;

namespace SemCache.LoadTest.Levels;

/// <summary>Finds a target's peak and loads it with shares of that.</summary>
internal sealed class LevelRun(ITarget target, LevelPlan plan, ErrorSamples errors)
{
    private readonly LoopTime _time = LoopTime.Seconds(plan.Warmup, plan.Seconds);

    /// <summary>In each round the peak, then every share of it: whatever else the machine does meets all of them.</summary>
    /// <returns>The figures of each share, one a round.</returns>
    public async Task<IReadOnlyList<IReadOnlyList<LevelFigures>>> RunAsync(
        IReadOnlyList<double> shares, CancellationToken cancellation)
    {
        var measured = shares.Select(_ => new List<LevelFigures>()).ToArray();
        // One peak that is not counted: both sides are still being compiled.
        await PeakAsync(cancellation);
        for (int round = 1; round <= plan.Rounds; round++)
        {
            CallFigures peak = await PeakAsync(cancellation);
            Report.Progress($"Round {round}: {target.Name}, peak {peak.RightPerSecond:N0}/s");
            for (int i = 0; i < shares.Count; i++)
            {
                LevelFigures figures = await AtAsync(peak, shares[i], cancellation);
                Report.Progress(
                    $"  at {figures.Share:P0}: {figures.Calls.CallsPerSecond:N0}/s, p99 {figures.Calls.Latency.P99:N0} µs");
                measured[i].Add(figures);
            }
        }

        return measured;
    }

    private async Task<CallFigures> PeakAsync(CancellationToken cancellation)
    {
        CallFigures figures = await ClosedLoop.RunAsync(target, plan.InFlight, _time, errors, cancellation);
        return figures.RightPerSecond > 0
            ? figures
            : throw new NotMeasuredException($"No call of the kind {target.Name} was answered rightly.");
    }

    private async Task<LevelFigures> AtAsync(CallFigures peak, double share, CancellationToken cancellation)
    {
        var mix = new TargetMix(target);
        var record = new LoopRecord(mix, errors);
        double rate = peak.RightPerSecond * share;
        Task loop = new OpenLoop(mix, rate, plan.MostInFlight, record).RunAsync(_time, cancellation);
        ProcessorTime work = await ProcessorTime.DuringAsync(LiveProgress.WatchAsync(record, loop), target, _time);
        return new LevelFigures(
            share, peak, rate, record.ToFigures()[0] with { Work = work }, record.Lag.ToQuantiles());
    }
}
