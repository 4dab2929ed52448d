using System.Diagnostics;
using SemCache.LoadTest.Targets;

namespace SemCache.LoadTest.Loops;

/// <summary>Keeps a number of calls in flight for a while: each worker sends its next when it has its answer.</summary>
/// <remarks>Tells how much a server can do. How long callers wait is for <see cref="OpenLoop"/> to tell.</remarks>
internal static class ClosedLoop
{
    /// <summary>Warms up, then measures.</summary>
    public static async Task RunAsync(
        TargetMix mix, int inFlight, LoopTime time, LoopRecord record, CancellationToken cancellation)
    {
        Window window = Window.Open(Stopwatch.GetTimestamp(), time);
        record.Open(window);
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(lane => Task.Run(
            () => WorkAsync(mix, lane, window, record, cancellation), cancellation)));
    }

    /// <summary>Warms up, then measures a single target.</summary>
    public static async Task<CallFigures> RunAsync(
        ITarget target, int inFlight, LoopTime time, ErrorSamples errors, CancellationToken cancellation)
    {
        var mix = new TargetMix(target);
        var record = new LoopRecord(mix, errors);
        ProcessorTime work = await ProcessorTime.DuringAsync(
            RunAsync(mix, inFlight, time, record, cancellation), target, time);
        return record.ToFigures()[0] with { Work = work };
    }

    private static async Task WorkAsync(
        TargetMix mix, int lane, Window window, LoopRecord record, CancellationToken cancellation)
    {
        var random = new Random(lane);
        for (long start = Stopwatch.GetTimestamp(); start < window.Until; start = Stopwatch.GetTimestamp())
        {
            int target = mix.Next(random);
            CallOutcome outcome = await mix.Targets[target].CallAsync(lane, random, cancellation);
            record.Add(target, outcome, new CallTimes(start, start, Stopwatch.GetTimestamp()));
        }
    }
}
