using System.Globalization;

namespace SemCache.LoadTest.Restart;

/// <summary>The resident memory of a process, as Linux reports it.</summary>
internal static class ResidentMemory
{
    private const int MostSamples = 30;
    private const double StillWithin = 0.005;
    private const int BytesPerKilobyte = 1024;
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    /// <summary>Waits until the memory no longer changes, for half a minute at most.</summary>
    public static async Task<long> SettledAsync(int processId, CancellationToken cancellation)
    {
        long before = Of(processId);
        for (int sample = 0; sample < MostSamples; sample++)
        {
            await Task.Delay(_pause, cancellation);
            long now = Of(processId);
            if (Math.Abs(now - before) < before * StillWithin)
            {
                return now;
            }

            before = now;
        }

        return before;
    }

    /// <summary>Bytes at this moment.</summary>
    public static long Of(int processId)
    {
        const string Field = "VmRSS:";
        string line = File.ReadLines($"/proc/{processId}/status")
            .First(line => line.StartsWith(Field, StringComparison.Ordinal));
        string kilobytes = line[Field.Length..].Replace("kB", "", StringComparison.Ordinal);
        return long.Parse(kilobytes, CultureInfo.InvariantCulture) * BytesPerKilobyte;
    }
}
