using SemCache.LoadTest.Targets;

namespace SemCache.LoadTest.Loops;

/// <summary>What processors have worked so far, in user and kernel mode: for this tool, and for the server where that is known.</summary>
internal readonly record struct ProcessorTime(TimeSpan Tool, TimeSpan? Server)
{
    /// <summary>What is worked from the end of the warm-up until a loop has ended.</summary>
    public static async Task<ProcessorTime> DuringAsync(Task loop, ITarget target, LoopTime time)
    {
        await Task.WhenAny(loop, Task.Delay(time.Warmup));
        ProcessorTime before = Now(target);
        await loop;
        return Now(target) - before;
    }

    private static ProcessorTime Now(ITarget target) => new(Environment.CpuUsage.TotalTime, target.ServerTime);

    public static ProcessorTime operator -(ProcessorTime now, ProcessorTime then) =>
        new(now.Tool - then.Tool, now.Server - then.Server);
}
