using System.Buffers;
using SemCache.Core.Diagnostics;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Core.Storage;

namespace SemCache.Core.Matching;

/// <summary>
/// The semantic part of a lookup: searches the partition's index and judges candidates, nearest first; the first to
/// which nothing objects is served.
/// </summary>
/// <remarks>
/// When all that were found are above the threshold and none may be served (expired, too old, damaged), the search is
/// widened: a servable entry above the threshold is not missed for the 2,047 nearest before it. Beyond that it is, for
/// the cost of a search grows with its breadth.
/// </remarks>
internal sealed class CandidateSearch(SemCacheMetrics metrics, Lookup lookup, IVectorIndex index)
{
    private const int FirstBreadth = 8;
    private const int Widening = 4;
    private const int LargestBreadth = 2048;

    public LookupResult Run(ReadOnlySpan<float> query)
    {
        int breadth = Math.Max(FirstBreadth, lookup.Reported);
        while (true)
        {
            ScoredEntry[] candidates = ArrayPool<ScoredEntry>.Shared.Rent(breadth);
            try
            {
                int found;
                using (metrics.Begin("search"))
                {
                    found = index.Search(query, candidates.AsSpan(0, breadth));
                }

                using SemCacheMetrics.Stage stage = metrics.Begin("match");
                if (Match(candidates.AsSpan(0, found), mayWiden: found == breadth && breadth < LargestBreadth) is { } result)
                {
                    return result;
                }
            }
            finally
            {
                ArrayPool<ScoredEntry>.Shared.Return(candidates, clearArray: true);
            }

            breadth = Math.Min(breadth * Widening, LargestBreadth);
        }
    }

    // Null when nothing may be served, but candidates further away still might.
    private LookupResult? Match(ReadOnlySpan<ScoredEntry> candidates, bool mayWiden)
    {
        var reasons = new MissReason[candidates.Length];
        for (int i = 0; i < candidates.Length; i++)
        {
            ref readonly ScoredEntry candidate = ref candidates[i];
            reasons[i] = Matcher.Judge(candidate, lookup.Criteria);
            if (reasons[i] == MissReason.BelowThreshold)
            {
                reasons.AsSpan(i).Fill(MissReason.BelowThreshold);
                mayWiden = false;
                break;
            }

            if (reasons[i] == MissReason.None)
            {
                if (lookup.Engine.Read(candidate.Entry) is { } content)
                {
                    return lookup.Hit(
                        LookupOutcome.SemanticHit,
                        candidate.Similarity,
                        candidate.Entry.ToCachedEntry(content),
                        Report(candidates, reasons, served: i));
                }

                reasons[i] = MissReason.Unreadable;
            }
        }

        if (mayWiden)
        {
            return null;
        }

        return candidates.IsEmpty
            ? lookup.Miss(MissReason.NoCandidate, null, [])
            : lookup.Miss(reasons[0], candidates[0].Similarity, Report(candidates, reasons, served: -1));
    }

    private CandidateReport[] Report(ReadOnlySpan<ScoredEntry> candidates, MissReason[] reasons, int served)
    {
        var reports = new CandidateReport[Math.Min(lookup.Reported, candidates.Length)];
        for (int i = 0; i < reports.Length; i++)
        {
            Entry entry = candidates[i].Entry;
            PutContent? content = lookup.Query.Explain ? lookup.Engine.Read(entry) : null;
            reports[i] = new CandidateReport(
                entry.Id, candidates[i].Similarity, i == served, reasons[i], content?.Prompt);
        }

        return reports;
    }
}
