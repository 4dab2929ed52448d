using SemCache.LoadTest.Serving;
using SemCache.LoadTest.Targets;

namespace SemCache.LoadTest.Content;

/// <summary>Makes targets of each kind, over one filled namespace.</summary>
internal sealed class KindTargets(ServerConnections connections, Corpus corpus, FilledNamespace filled, double skew)
{
    public const string Exact = "exact";
    public const string Semantic = "semantic";
    public const string Miss = "miss";
    public const string Store = "store";

    /// <summary>The kinds that there are.</summary>
    public static IReadOnlyList<string> All { get; } = [Exact, Semantic, Miss, Store];

    /// <summary>The target of a kind.</summary>
    /// <exception cref="NotMeasuredException">Too few prompts are fit for it.</exception>
    public async Task<ITarget> CreateAsync(string kind, CancellationToken cancellation) => kind switch
    {
        Exact => Lookup(kind, filled.Exact()),
        Semantic => Lookup(kind, await SearchedAsync(cancellation)),
        Miss => Lookup(kind, await filled.UnknownAsync(cancellation)),
        Store => new ReplaceTarget(kind, connections, corpus, filled.Name, new Popularity(corpus.Entries, skew)),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "is no kind of call"),
    };

    private async Task<IReadOnlyList<Probe>> SearchedAsync(CancellationToken cancellation)
    {
        await ServerLimits.RequireSearchesAsync(connections, cancellation);
        return await filled.RewordedAsync(cancellation);
    }

    private LookupTarget Lookup(string kind, IReadOnlyList<Probe> probes) =>
        new(kind, connections, probes, new Popularity(probes.Count, skew));
}
