namespace SemCache.LoadTest.Loops;

/// <summary>When a call happened, in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
/// <param name="Due">When the schedule wanted it to be sent; without a schedule, when it was sent.</param>
/// <param name="Sent">When it was sent.</param>
/// <param name="Ended">When its answer was there.</param>
internal readonly record struct CallTimes(long Due, long Sent, long Ended)
{
    /// <summary>
    /// What a caller waited who came when the schedule said. Counting from there keeps a server that stood still from
    /// being asked less, and so measured less, while it did: coordinated omission.
    /// </summary>
    public long Latency => Ended - Due;

    /// <summary>How late it was sent: the delay of this side, which is part of the latency.</summary>
    public long Lag => Sent - Due;

    /// <summary>What the call itself took.</summary>
    public long Service => Ended - Sent;
}
