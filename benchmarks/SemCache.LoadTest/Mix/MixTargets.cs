using SemCache.LoadTest.Content;
using SemCache.LoadTest.Serving;
using SemCache.LoadTest.Targets;

namespace SemCache.LoadTest.Mix;

/// <summary>Makes the targets of a mix, over one filled namespace.</summary>
internal sealed class MixTargets(
    ServerConnections connections, Corpus corpus, FilledNamespace filled, double skew)
{
    /// <summary>The mix with these shares.</summary>
    public async Task<TargetMix> CreateAsync(MixShares shares, CancellationToken cancellation)
    {
        var parts = new List<(ITarget, double)>();
        if (shares.Exact > 0)
        {
            parts.Add((Lookup("exact", filled.Exact()), shares.Exact));
        }

        if (shares.Semantic > 0)
        {
            parts.Add((Lookup("semantic", await filled.RewordedAsync(cancellation)), shares.Semantic));
        }

        if (shares.Miss > 0)
        {
            parts.Add((Lookup("miss", await filled.UnknownAsync(cancellation)), shares.Miss));
        }

        if (shares.Store > 0)
        {
            var popularity = new Popularity(corpus.Entries, skew);
            parts.Add((new ReplaceTarget("store", connections, corpus, filled.Name, popularity), shares.Store));
        }

        return new TargetMix(parts);
    }

    private LookupTarget Lookup(string name, IReadOnlyList<Probe> probes) =>
        new(name, connections, probes, new Popularity(probes.Count, skew));
}
