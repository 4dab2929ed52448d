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
    // Of a full backlog, 10,000 entries, at a processor's rate.
    private static readonly TimeSpan _timeToLink = TimeSpan.FromSeconds(4);

    private readonly Corpus _corpus = new(texts, plan.Entries, plan.ResponseBytes);
    private readonly List<IAsyncDisposable> _namespaces = [];

    /// <summary>The stores among the scenarios: what they have acknowledged is to be looked up at the end.</summary>
    public StoreTarget? Stores { get; private set; }

    /// <summary>All kinds of calls to a server; rewordings are `semantic` or `semantic-again` as it is set up.</summary>
    public async Task<IReadOnlyList<Scenario>> AllAsync(ServerConnections connections, CancellationToken cancellation)
    {
        FilledNamespace filled = await FillAsync(connections, cancellation);
        var stored = new RunNamespace(connections, "store");
        _namespaces.Add(stored);
        Stores = new StoreTarget("store", connections, stored.Name, texts, plan.ResponseBytes);
        var empty = new PingTarget("ping, empty", connections, new PingRequest());
        PingTarget lookup = await PingLikeLookupAsync("ping, lookup's size", connections, filled, cancellation);
        StoreRequest store = Stores.Sample();
        PingTarget likeStore = PingTarget.Sized(
            "ping, store's size", connections, store, new StoreResponse { EntryId = $"{Guid.Empty:N}" });
        return
        [
            new Scenario(empty, plan.InFlight, lookup),
            Scenario.Empty(lookup, plan.InFlight),
            new Scenario(new LookupTarget("exact", connections, filled.Exact()), plan.InFlight, lookup),
            new Scenario(await RewordedAsync(connections, filled, cancellation), plan.InFlight, lookup),
            new Scenario(
                new LookupTarget("miss", connections, await filled.UnknownAsync(cancellation)), plan.InFlight, lookup),
            Scenario.Empty(likeStore, plan.Writers),
            new Scenario(Stores, plan.Writers, likeStore) { Rest = _timeToLink },
        ];
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
            keepsMatches ? "semantic-again" : "semantic", connections, await filled.RewordedAsync(cancellation));
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
