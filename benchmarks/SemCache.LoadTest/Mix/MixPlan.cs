using SemCache.LoadTest.Content;
using SemCache.LoadTest.Targets;

namespace SemCache.LoadTest.Mix;

/// <summary>What the options of `mix` ask for.</summary>
/// <param name="Connections">HTTP/2 connections.</param>
/// <param name="Streams">Calls in flight on each.</param>
/// <param name="Rate">Calls a second of an open loop; null for a closed one.</param>
/// <param name="Seconds">Length of the measurement.</param>
/// <param name="Warmup">Seconds of the same calls before it.</param>
/// <param name="Entries">Entries in the namespace.</param>
/// <param name="ResponseBytes">Size of each response.</param>
/// <param name="Skew">Exponent of Zipf's law, from 0.</param>
/// <param name="Shares">Shares of the kinds of calls.</param>
internal sealed record MixPlan(
    int Connections,
    int Streams,
    int? Rate,
    int Seconds,
    int Warmup,
    int Entries,
    int ResponseBytes,
    double Skew,
    MixShares Shares)
{
    /// <summary>Calls in flight over all connections: as many as that in a closed loop, at most that in an open one.</summary>
    public int InFlight => Connections * Streams;
}

/// <summary>Shares of the kinds of calls, in any unit; 0 leaves a kind out.</summary>
internal sealed record MixShares(int Exact, int Semantic, int Miss, int Store)
{
    /// <summary>Whether anything is called at all.</summary>
    public bool IsEmpty => Exact + Semantic + Miss + Store == 0;

    /// <summary>The targets of the kinds that are not left out.</summary>
    public async Task<TargetMix> CreateAsync(KindTargets targets, CancellationToken cancellation)
    {
        (string, int)[] shares = [(KindTargets.Exact, Exact), (KindTargets.Semantic, Semantic), (KindTargets.Miss, Miss),
            (KindTargets.Store, Store)];
        var parts = new List<(ITarget, double)>();
        foreach ((string kind, int share) in shares.Where(part => part.Item2 > 0))
        {
            parts.Add((await targets.CreateAsync(kind, cancellation), share));
        }

        return new TargetMix(parts);
    }
}
