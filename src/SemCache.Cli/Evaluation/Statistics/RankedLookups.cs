namespace SemCache.Cli.Evaluation.Statistics;

/// <summary>Lookups by falling score. Every figure of every threshold comes from one walk along them.</summary>
/// <remarks>
/// A threshold serves a whole group of equal scores or nothing of it. Lookups without a score come last and are never
/// served. Weights let the walk count a lookup several times or not at all, which is all that a bootstrap needs.
/// </remarks>
internal sealed class RankedLookups
{
    private readonly double[] _scores;
    private readonly bool[] _right;
    private readonly bool[] _possible;
    private readonly int _scored;

    public RankedLookups(IEnumerable<Observation> lookups)
    {
        Observation[] ranked = [.. lookups.OrderByDescending(lookup =>
            double.IsNaN(lookup.Score) ? double.NegativeInfinity : lookup.Score)];
        _scores = [.. ranked.Select(lookup => lookup.Score)];
        _right = [.. ranked.Select(lookup => lookup.Right)];
        _possible = [.. ranked.Select(lookup => lookup.Possible)];
        _scored = ranked.TakeWhile(lookup => !double.IsNaN(lookup.Score)).Count();
    }

    public int Count => _scores.Length;

    public int Possible => _possible.Count(possible => possible);

    /// <summary>The curve: what each threshold serves that tells groups of lookups apart, strictest first.</summary>
    public IReadOnlyList<CurvePoint> Curve()
    {
        List<CurvePoint> points = [];
        var (hits, wrong) = (0, 0);
        for (var i = 0; i < _scored; i++)
        {
            hits++;
            wrong += _right[i] ? 0 : 1;
            if (EndsGroup(i))
            {
                points.Add(new CurvePoint(_scores[i], hits, wrong));
            }
        }

        return points;
    }

    /// <summary>The figures, counting each lookup once.</summary>
    public Figures Figures(double point, IReadOnlyList<double> errorBounds)
    {
        var once = new int[Count];
        Array.Fill(once, 1);
        return Figures(once, point, errorBounds);
    }

    /// <summary>The figures of a resampled set of lookups.</summary>
    /// <param name="weights">How often each lookup counts, by rank.</param>
    /// <param name="point">The threshold of the figures that belong to one.</param>
    /// <param name="errorBounds">Error rates, as shares of all lookups, that the best hit rates have to keep.</param>
    public Figures Figures(ReadOnlySpan<int> weights, double point, IReadOnlyList<double> errorBounds)
    {
        var (lookups, possible) = Totals(weights);
        var best = errorBounds.Select(bound => new BestHitRate(bound, 0, null)).ToArray();
        var (hits, wrong, rightBefore) = (0, 0, 0);
        var (hitsAtPoint, wrongAtPoint) = (0, 0);
        var precisionSum = 0.0;
        for (var i = 0; i < _scored; i++)
        {
            hits += weights[i];
            wrong += _right[i] ? 0 : weights[i];
            if (!EndsGroup(i))
            {
                continue;
            }

            if (hits - wrong > rightBefore)
            {
                precisionSum += (hits - wrong - rightBefore) * ((double)(hits - wrong) / hits);
                rightBefore = hits - wrong;
            }

            if (_scores[i] >= point)
            {
                (hitsAtPoint, wrongAtPoint) = (hits, wrong);
            }

            for (var b = 0; b < best.Length; b++)
            {
                // Hits and wrong hits both grow along the walk: the last group that keeps the bound serves the most.
                if (hits > 0 && wrong <= best[b].ErrorBound * lookups)
                {
                    best[b] = new BestHitRate(best[b].ErrorBound, (double)hits / lookups, _scores[i]);
                }
            }
        }

        return new Figures(
            Share(hitsAtPoint, lookups),
            Share(wrongAtPoint, lookups),
            Share(hitsAtPoint - wrongAtPoint, hitsAtPoint),
            Share(hitsAtPoint - wrongAtPoint, possible),
            possible == 0 ? double.NaN : (precisionSum + LastGroup(weights, rightBefore, lookups)) / possible,
            best);
    }

    // The lookups that no threshold serves, as one group behind all others.
    private double LastGroup(ReadOnlySpan<int> weights, int rightBefore, int lookups)
    {
        var right = 0;
        for (var i = _scored; i < weights.Length; i++)
        {
            right += _right[i] ? weights[i] : 0;
        }

        return right == 0 ? 0 : right * ((double)(rightBefore + right) / lookups);
    }

    private static double Share(int part, int whole) => whole == 0 ? double.NaN : (double)part / whole;

    private bool EndsGroup(int i) => i + 1 == _scored || _scores[i + 1] != _scores[i];

    private (int Lookups, int Possible) Totals(ReadOnlySpan<int> weights)
    {
        var (lookups, possible) = (0, 0);
        for (var i = 0; i < weights.Length; i++)
        {
            lookups += weights[i];
            possible += _possible[i] ? weights[i] : 0;
        }

        return (lookups, possible);
    }
}
