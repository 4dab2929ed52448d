namespace SemCache.Core.Requests.Turns;

/// <summary>How long a request may wait for its turn, and how long it will. Not safe for concurrent use.</summary>
/// <remarks>
/// A burst is no overload: as long as nobody had to wait at some moment of the last <see cref="_burst"/>, the wait may be
/// <see cref="BurstFactor"/> times as long, for the queue is about to be empty again.
/// </remarks>
/// <param name="turns">Turns at a time.</param>
/// <param name="wait">Longest wait under overload, unless <see cref="MinTurns"/> turns take longer.</param>
/// <param name="time">The clock.</param>
internal sealed class WaitLimit(int turns, TimeSpan wait, TimeProvider time)
{
    /// <summary>How much longer a burst may wait.</summary>
    public const int BurstFactor = 10;

    /// <summary>
    /// So many turns may a request wait for in any case: a model that takes longer than the limit would else serve nobody while
    /// another is served.
    /// </summary>
    public const int MinTurns = 8;

    private static readonly TimeSpan _burst = TimeSpan.FromMilliseconds(100);

    private readonly ServiceTime _service = new();
    private long _lastIdle = time.GetTimestamp();

    /// <summary>A turn has ended.</summary>
    public void AddTurn(TimeSpan took) => _service.Add(took);

    /// <summary>Nobody waits at that moment.</summary>
    public void NoteIdle(long now) => _lastIdle = now;

    /// <summary>The longest wait that may be ahead of a request at that moment.</summary>
    public TimeSpan LongestAt(long now)
    {
        TimeSpan longest = time.GetElapsedTime(_lastIdle, now) < _burst ? BurstFactor * wait : wait;
        TimeSpan least = MinTurns * _service.Mean;
        return least > longest ? least : longest;
    }

    /// <summary>How long it takes until so many turns have ended, while all are taken: they end at different times.</summary>
    public TimeSpan TimeOf(int waiting) => waiting * _service.Mean / turns;
}
