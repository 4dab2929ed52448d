namespace SemCache.Core.Requests.Turns;

/// <summary>How long a request may wait for its turn, and how long it will. Not safe for concurrent use.</summary>
/// <param name="turns">Turns at a time.</param>
/// <param name="wait">Longest wait, unless <see cref="MinTurns"/> turns take longer.</param>
internal sealed class WaitLimit(int turns, TimeSpan wait)
{
    /// <summary>
    /// So many turns may a request wait for in any case: a model that takes longer than the limit would else serve nobody while
    /// another is served.
    /// </summary>
    public const int MinTurns = 8;

    private readonly ServiceTime _service = new();

    /// <summary>The longest wait that may be ahead of a request.</summary>
    public TimeSpan Longest => MinTurns * _service.Mean > wait ? MinTurns * _service.Mean : wait;

    /// <summary>A turn has ended.</summary>
    public void AddTurn(TimeSpan took) => _service.Add(took);

    /// <summary>How long it takes until so many turns have ended, while all are taken: they end at different times.</summary>
    public TimeSpan TimeOf(int waiting) => waiting * _service.Mean / turns;
}
