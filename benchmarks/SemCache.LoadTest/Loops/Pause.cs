using System.Diagnostics;
using System.Runtime.InteropServices;

namespace SemCache.LoadTest.Loops;

/// <summary>Waits more exactly than the runtime's timers, which tick once a millisecond.</summary>
internal static partial class Pause
{
    private const double NanosecondsPerSecond = 1e9;

    /// <summary>Sleeps until a moment, in ticks of <see cref="Stopwatch"/>; wakes up within about 0.1 ms of it.</summary>
    public static void Until(long timestamp)
    {
        for (long left = timestamp - Stopwatch.GetTimestamp(); left > 0; left = timestamp - Stopwatch.GetTimestamp())
        {
            long nanoseconds = (long)(left * (NanosecondsPerSecond / Stopwatch.Frequency));
            var time = new Time((nint)(nanoseconds / 1_000_000_000), (nint)(nanoseconds % 1_000_000_000));
            // Interrupted by a signal, it returns early and is called again.
            _ = NanoSleep(in time, remaining: 0);
        }
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in Time time, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Time(nint seconds, nint nanoseconds)
    {
        private readonly nint _seconds = seconds;
        private readonly nint _nanoseconds = nanoseconds;
    }
}
