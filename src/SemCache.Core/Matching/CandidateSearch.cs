using System.Buffers;
using SemCache.Core.Diagnostics;
using SemCache.Core.Embeddings;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;

namespace SemCache.Core.Matching;

/// <summary>
/// The semantic part of a lookup: searches the partition's index, sifts what it finds by threshold, age and guards, and
/// serves the nearest that is left, or the one that the verifier holds most probable.
/// </summary>
/// <remarks>
/// When all that were found are above the threshold and none may be served (expired, too old, damaged, stopped by a
/// guard), the search is widened: a servable entry above the threshold is not missed for the 2,047 nearest before it.
/// Beyond that it is, for the cost of a search grows with its breadth; and beyond the 32 nearest that guards had to
/// look at, for each of these costs a read.
/// </remarks>
internal sealed class CandidateSearch(SemCacheMetrics metrics, Lookup lookup, Partition partition)
{
    private const int FirstBreadth = 8;
    private const int Widening = 4;
    private const int LargestBreadth = 2048;

    private readonly CandidateSieve _sieve = new(metrics, lookup);

    /// <summary>The candidate that the search ended with; null when it missed.</summary>
    public Candidate? Served { get; private set; }

    public async Task<LookupResult> RunAsync(Embedding asked, CancellationToken cancellationToken)
    {
        IReadOnlyList<Candidate> candidates = Search(asked.Vector);
        if (_sieve.Passed.Count == 0)
        {
            return lookup.Miss(candidates);
        }

        Candidate nearest = _sieve.Passed[0];
        if (!Matcher.NeedsVerifier(nearest, lookup.Criteria))
        {
            return Serve(nearest, candidates);
        }

        float[]? probabilities = await VerifyAsync(asked.Tokens, cancellationToken).ConfigureAwait(false);
        return Matcher.Choose(_sieve.Passed, probabilities, lookup.Criteria.Verification!.Bar) is { } served
            ? Serve(served, candidates)
            : lookup.Miss(candidates);
    }

    private LookupResult Serve(Candidate served, IReadOnlyList<Candidate> candidates)
    {
        Served = served;
        return lookup.SemanticHit(served, candidates);
    }

    // The nearest entries; those that may be served are in the sieve.
    private Candidate[] Search(float[] vector)
    {
        Candidate[] candidates = [];
        int breadth = Math.Max(FirstBreadth, lookup.Reported);
        while (true)
        {
            candidates = Search(vector, breadth, candidates);
            bool mayGoOn;
            using (metrics.Begin("match"))
            {
                mayGoOn = _sieve.Sift(candidates);
            }

            if (!mayGoOn || candidates.Length < breadth || breadth == LargestBreadth)
            {
                return candidates;
            }

            breadth = Math.Min(breadth * Widening, LargestBreadth);
        }
    }

    private Candidate[] Search(float[] vector, int breadth, Candidate[] known)
    {
        ScoredEntry[] nearest = ArrayPool<ScoredEntry>.Shared.Rent(breadth);
        try
        {
            using SemCacheMetrics.Stage stage = metrics.Begin("search");
            float threshold = lookup.Reported == 0 ? (float)lookup.Criteria.Threshold : -1;
            int found = partition.Index.Search(vector, threshold, nearest.AsSpan(0, breadth));
            if (known.Length == 0 && lookup.Engine.Probe.TryTake(partition.Index))
            {
                lookup.Engine.Probe.Add(new RecallSample(
                    partition.Namespace.Name,
                    partition.Index,
                    vector,
                    threshold,
                    found == 0 ? null : nearest[0],
                    lookup.Criteria.Now));
            }

            // What a narrower search found has been sifted; the first search, mostly the only one, follows none.
            Dictionary<Entry, Candidate>? sifted =
                known.Length == 0 ? null : known.ToDictionary(candidate => candidate.Entry);
            var candidates = new Candidate[found];
            for (int i = 0; i < found; i++)
            {
                candidates[i] = sifted?.GetValueOrDefault(nearest[i].Entry) ?? new Candidate(nearest[i]);
            }

            return candidates;
        }
        finally
        {
            ArrayPool<ScoredEntry>.Shared.Return(nearest, clearArray: true);
        }
    }

    private async Task<float[]?> VerifyAsync(int[] asked, CancellationToken cancellationToken)
    {
        using SemCacheMetrics.Stage stage = metrics.Begin("verify");
        VerifierQuestion question = VerifierQuestions.Of(asked, _sieve.Passed, lookup.Engine);
        return await lookup.Engine.Verifier!.VerifyAsync(question, cancellationToken).ConfigureAwait(false);
    }
}
