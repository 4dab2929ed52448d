using SemCache.Core.Indexing;
using SemCache.Core.Matching.Guards;
using SemCache.Core.Partitions;

namespace SemCache.Core.Matching;

/// <summary>A semantic hit, with all that it depended on.</summary>
/// <param name="text">The canonical text that was looked up.</param>
/// <param name="vector">Its embedding.</param>
/// <param name="served">The candidate that was served.</param>
/// <param name="criteria">What it had to satisfy.</param>
/// <param name="guards">The guards that looked at it.</param>
/// <param name="searched">The moment before the search.</param>
internal sealed class RecentMatch(
    string text, float[] vector, Candidate served, MatchCriteria criteria, ActiveGuards guards, SearchMark searched)
{
    private readonly ScoredEntry _found = new(served.Entry, served.Similarity);
    private readonly double? _probability = served.Probability;
    private volatile SearchMark _searched = searched;

    /// <summary>
    /// The candidate that the same lookup would serve now; null when that has to be found out by a search.
    /// </summary>
    public Candidate? Renew(Lookup lookup, Partition partition)
    {
        if (lookup.Prompt.Text != text
            || _found.Entry.IsRemoved
            || criteria.Threshold != lookup.Criteria.Threshold
            || criteria.Verification != lookup.Criteria.Verification
            || guards != lookup.Guards
            || Matcher.JudgeAge(_found.Entry, lookup.Criteria) != MissReason.None
            || partition.Index.NothingNear(_searched, vector, (float)criteria.Threshold) is not { } searched
            || lookup.Engine.Read(_found.Entry) is not { } content)
        {
            return null;
        }

        _searched = searched;
        return new Candidate(_found) { Content = content, Probability = _probability };
    }
}
