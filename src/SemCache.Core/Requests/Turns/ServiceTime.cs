namespace SemCache.Core.Requests.Turns;

/// <summary>How long a turn takes, by those that have ended, the latest counting most. Not safe for concurrent use.</summary>
internal sealed class ServiceTime
{
    private const double Weight = 1.0 / 32;

    private double _ticks;
    private bool _isKnown;

    /// <summary>The mean; zero before the first turn has ended.</summary>
    public TimeSpan Mean => TimeSpan.FromTicks((long)_ticks);

    public void Add(TimeSpan turn)
    {
        _ticks += (_isKnown ? Weight : 1) * (turn.Ticks - _ticks);
        _isKnown = true;
    }
}
