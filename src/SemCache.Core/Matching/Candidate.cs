using SemCache.Core.Indexing;
using SemCache.Core.Matching.Guards;
using SemCache.Core.Partitions;
using SemCache.Core.Storage;

namespace SemCache.Core.Matching;

/// <summary>An entry that a search found, and what the checks have made of it so far. Belongs to one lookup.</summary>
internal sealed class Candidate(ScoredEntry found)
{
    public Entry Entry => found.Entry;

    public float Similarity => found.Similarity;

    /// <summary>Why it is passed over; <see cref="MissReason.None"/> as long as nothing objects.</summary>
    public MissReason Reason { get; set; }

    /// <summary>What its record holds; null until it is read.</summary>
    public PutContent? Content { get; set; }

    /// <summary>Every installed guard's verdict, <see cref="GuardVerdict.Pass"/> of one that was not asked.</summary>
    public GuardVerdict[] Verdicts { get; set; } = [];

    /// <summary>The guard that stopped it; null when none did.</summary>
    public GuardReport? Guard { get; set; }

    /// <summary>The verifier's probability; null when it was not asked or did not answer.</summary>
    public double? Probability { get; set; }
}
