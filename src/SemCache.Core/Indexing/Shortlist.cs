using SemCache.Core.Partitions;

namespace SemCache.Core.Indexing;

/// <summary>What a search asks for, and the nearest entries that it has found by their true similarities.</summary>
/// <param name="query">Unit length.</param>
/// <param name="threshold">Lowest similarity that is of use, beside the nearest.</param>
/// <param name="nearest">Receives the entries, nearest first.</param>
internal ref struct Shortlist(ReadOnlySpan<float> query, float threshold, Span<ScoredEntry> nearest)
{
    private readonly Span<ScoredEntry> _nearest = nearest;

    public ReadOnlySpan<float> Query { get; } = query;

    /// <summary>Lowest similarity that is of use, beside the nearest.</summary>
    public float Threshold { get; } = threshold;

    /// <summary>Entries found.</summary>
    public int Found { get; private set; }

    /// <summary>Whether as many are found as were asked for.</summary>
    public readonly bool IsFull => Found == _nearest.Length;

    /// <summary>An entry is of no use when its similarity is below this.</summary>
    public readonly float Bound => Found == 0 ? float.NegativeInfinity
        : IsFull ? Math.Max(Threshold, _nearest[^1].Similarity)
        : Threshold;

    /// <summary>Forgets what was found.</summary>
    public void Clear() => Found = 0;

    /// <summary>Puts an entry where it belongs, if it belongs to the nearest.</summary>
    public void Insert(ScoredEntry candidate)
    {
        if (IsFull && candidate.Similarity <= _nearest[^1].Similarity)
        {
            return;
        }

        int place = IsFull ? _nearest.Length - 1 : Found++;
        while (place > 0 && _nearest[place - 1].Similarity < candidate.Similarity)
        {
            _nearest[place] = _nearest[place - 1];
            place--;
        }

        _nearest[place] = candidate;
    }
}
