using SemCache.LoadTest.Loops;

namespace SemCache.LoadTest.Levels;

/// <summary>An open loop at a share of the peak that a closed one has reached.</summary>
/// <param name="Share">The share.</param>
/// <param name="AtPeak">The closed loop.</param>
/// <param name="Offered">Calls a second that were due.</param>
/// <param name="Calls">What became of them.</param>
/// <param name="Lag">How late this side sent them, in microseconds.</param>
internal sealed record LevelFigures(double Share, CallFigures AtPeak, double Offered, CallFigures Calls, Quantiles Lag)
{
    /// <summary>Right answers a second as a share of the peak.</summary>
    public double Goodput => Calls.RightPerSecond / AtPeak.RightPerSecond;
}
