using SemCache.LoadTest.Content;
using SemCache.LoadTest.Serving;
using SemCache.LoadTest.Targets;
using SemCache.V1;

namespace SemCache.LoadTest.Load;

/// <summary>The scenarios of `load`, on one or two servers that it fills for them.</summary>
/// <remarks>
/// A server that keeps recent matches answers a rewording that is asked again without a search. So searches are measured
/// on a server that keeps none, and answers from recent matches on another.
/// </remarks>
internal sealed class LoadScenarios(LoadPlan plan, IReadOnlyList<string> texts) : IAsyncDisposable
{
    /// <summary>Rewordings that were asked before, of a server that keeps recent matches.</summary>
    public const string SemanticAgain = "semantic-again";

    // Of a full backlog, 10,000 entries, at a processor's rate.
    private static readonly TimeSpan _timeToLink = TimeSpan.FromSeconds(4);

    private readonly Corpus _corpus = new(texts, plan.Entries, plan.ResponseBytes);
    private readonly List<IAsyncDisposable> _namespaces = [];

    /// <summary>The stores among the scenarios: what they have acknowledged is to be looked up at the end.</summary>
    public StoreTarget? Stores { get; private set; }

    /// <summary>The kinds that there are; each is measured next to its empty call.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. KindTargets.All, SemanticAgain];

    /// <summary>Kinds of calls to one server, but <see cref="SemanticAgain"/>; rewordings are `semantic` or `semantic-again` as it is set up.</summary>
    public async Task<IReadOnlyList<Scenario>> OfAsync(
        IEnumerable<string> kinds, ServerConnections connections, CancellationToken cancellation)
    {
        FilledNamespace filled = await FillAsync(connections, cancellation);
        var empty = new PingTarget("ping, empty", connections, new PingRequest());
        PingTarget ping = await PingLikeLookupAsync("ping, lookup's size", connections, filled, cancellation);
        List<Scenario> scenarios = [new(empty, plan.InFlight, ping), Scenario.Empty(ping, plan.InFlight)];
        var targets = new KindTargets(connections, _corpus, filled, skew: 0);
        foreach (string kind in kinds)
        {
            switch (kind)
            {
                case KindTargets.Semantic:
                    scenarios.Add(new(await RewordedAsync(connections, filled, cancellation), plan.InFlight, ping));
                    break;
                case KindTargets.Store:
                    scenarios.AddRange(StoresOf(connections));
                    break;
                case KindTargets.Exact or KindTargets.Miss:
                    scenarios.Add(new(await targets.CreateAsync(kind, cancellation), plan.InFlight, ping));
                    break;
            }
        }

        return scenarios;
    }

    /// <summary>Rewordings alone, next to the empty call of the same server.</summary>
    public async Task<IReadOnlyList<Scenario>> SemanticAsync(
        ServerConnections connections, CancellationToken cancellation)
    {
        FilledNamespace filled = await FillAsync(connections, cancellation);
        PingTarget ping = await PingLikeLookupAsync("ping, second server", connections, filled, cancellation);
        LookupTarget reworded = await RewordedAsync(connections, filled, cancellation);
        return [Scenario.Empty(ping, plan.InFlight), new Scenario(reworded, plan.InFlight, ping)];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable one in _namespaces)
        {
            await one.DisposeAsync();
        }
    }

    private static async Task<LookupTarget> RewordedAsync(
        ServerConnections connections, FilledNamespace filled, CancellationToken cancellation)
    {
        bool keepsMatches = await ServerLimits.RecentMatchesAsync(connections, cancellation) > 0;
        return new LookupTarget(
            keepsMatches ? SemanticAgain : KindTargets.Semantic, connections, await filled.RewordedAsync(cancellation));
    }

    private IEnumerable<Scenario> StoresOf(ServerConnections connections)
    {
        var stored = new RunNamespace(connections, KindTargets.Store);
        _namespaces.Add(stored);
        Stores = new StoreTarget(KindTargets.Store, connections, stored.Name, texts, plan.ResponseBytes);
        PingTarget ping = PingTarget.Sized(
            "ping, store's size", connections, Stores.Sample(), new StoreResponse { EntryId = $"{Guid.Empty:N}" });
        return [Scenario.Empty(ping, plan.Writers), new Scenario(Stores, plan.Writers, ping) { Rest = _timeToLink }];
    }

    private async Task<PingTarget> PingLikeLookupAsync(
        string name, ServerConnections connections, FilledNamespace filled, CancellationToken cancellation)
    {
        LookupRequest request = _corpus.Exact(filled.Name, 0).Request;
        LookupResponse answer = await connections.First.Cache.LookupAsync(request, cancellationToken: cancellation);
        return PingTarget.Sized(name, connections, request, answer);
    }

    private async Task<FilledNamespace> FillAsync(ServerConnections connections, CancellationToken cancellation)
    {
        var filled = new FilledNamespace(connections, _corpus);
        _namespaces.Add(filled);
        await filled.FillAsync(cancellation);
        return filled;
    }
}
