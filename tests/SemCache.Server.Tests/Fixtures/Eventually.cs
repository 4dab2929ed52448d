using System.Diagnostics;

namespace SemCache.Server.Tests.Fixtures;

/// <summary>Waits for what happens in its own time.</summary>
public static class Eventually
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks again and again until the answer is yes; fails the test when it stays no.</summary>
    public static async Task TrueAsync(Func<Task<bool>> ask, string what)
    {
        long started = Stopwatch.GetTimestamp();
        while (!await ask())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < _patience, $"Waited {_patience} in vain: {what}");
            await Task.Delay(_interval);
        }
    }
}
