namespace SemCache.LoadTest.Targets;

/// <summary>Targets, and in which shares they are called.</summary>
internal sealed class TargetMix
{
    private readonly double[] _cumulative;

    /// <param name="targets">Targets with their shares of the calls, in any unit, more than 0.</param>
    public TargetMix(params IReadOnlyList<(ITarget Target, double Share)> targets)
    {
        ArgumentOutOfRangeException.ThrowIfZero(targets.Count);
        Targets = [.. targets.Select(part => part.Target)];
        _cumulative = new double[targets.Count];
        double sum = 0;
        for (int i = 0; i < targets.Count; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegativeOrZero(targets[i].Share);
            sum += targets[i].Share;
            _cumulative[i] = sum;
        }
    }

    public TargetMix(ITarget target)
        : this((target, 1))
    {
    }

    /// <summary>The targets, in the order in which they were given.</summary>
    public IReadOnlyList<ITarget> Targets { get; }

    /// <summary>Draws the number of the target that is called next.</summary>
    public int Next(Random random)
    {
        double drawn = random.NextDouble() * _cumulative[^1];
        int target = 0;
        while (target < _cumulative.Length - 1 && drawn >= _cumulative[target])
        {
            target++;
        }

        return target;
    }
}
