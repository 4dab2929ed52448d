namespace SemCache.Core.Requests.Turns;

/// <summary>
/// How long a turn takes, by those that have ended, the latest counting most. One that took much longer than the others, for a
/// collection of garbage say, counts no more than a few of them; if all take longer from now on, some ten turns tell. Not safe for
/// concurrent use.
/// </summary>
internal sealed class ServiceTime
{
    private const double Weight = 1.0 / 32;
    private const double MostTimesMean = 8;
    private const double LeastBound = TimeSpan.TicksPerMillisecond;

    private double _ticks;
    private bool _isKnown;

    /// <summary>The mean; zero before the first turn has ended.</summary>
    public TimeSpan Mean => TimeSpan.FromTicks((long)_ticks);

    public void Add(TimeSpan turn)
    {
        if (_isKnown)
        {
            double counted = Math.Min(turn.Ticks, Math.Max(MostTimesMean * _ticks, LeastBound));
            _ticks += Weight * (counted - _ticks);
        }
        else
        {
            _ticks = turn.Ticks;
            _isKnown = true;
        }
    }
}
