using SemCache.Core;
using SemCache.LoadTest.Content;
using SemCache.LoadTest.Load;
using SemCache.LoadTest.Serving;
using SemCache.LoadTest.Targets;
using SemCache.V1;

namespace SemCache.LoadTest.Peers;

/// <summary>The same questions to a SemCache server, to Garnet and to the engine in this process, each with the same entries.</summary>
internal sealed class PeerScenarios(ServerConnections connections, LoadPlan plan, IReadOnlyList<string> texts)
    : IAsyncDisposable
{
    private readonly Corpus _corpus = new(texts, plan.Entries, plan.ResponseBytes);
    private readonly Stack<IAsyncDisposable> _held = [];

    /// <summary>Fills all of them.</summary>
    /// <exception cref="NotMeasuredException">One cannot be started or filled.</exception>
    public async Task<IReadOnlyList<Scenario>> CreateAsync(CancellationToken cancellation)
    {
        await ServerLimits.RequireSearchesAsync(connections, cancellation);
        FilledNamespace server = Hold(new FilledNamespace(connections, _corpus));
        await server.FillAsync(cancellation);
        Probe[] exact = server.Exact();
        Probe[] reworded = await server.RewordedAsync(cancellation);

        Question[] entries = [.. Enumerable.Range(0, plan.Entries).Select(EntryOf)];
        FilledEngine engine = Hold(await FilledEngine.StartAsync(entries, cancellation));
        ClientEmbedder embedder = Hold(new ClientEmbedder());
        FilledGarnet garnet = Hold(
            await FilledGarnet.StartAsync(entries, plan.Connections, embedder, cancellation));

        Question[] same = Question.Of(exact);
        Question[] others = Question.Of(reworded);
        var lookup = new LookupTarget(PeerNames.ExactServer, connections, exact);
        var semantic = new LookupTarget(PeerNames.SemanticServer, connections, reworded);
        return
        [
            Of(lookup, lookup),
            Of(new GarnetTarget(PeerNames.ExactGarnet, same, (lane, text, _) => garnet.GetAsync(lane, text)), lookup),
            Of(new EngineTarget(PeerNames.ExactEngine, engine.Cache, same, LookupOutcome.ExactHit), lookup),
            Of(semantic, semantic),
            Of(new GarnetTarget(PeerNames.SemanticGarnet, others, garnet.FindNearestAsync), semantic),
            Of(new EngineTarget(PeerNames.SemanticEngine, engine.Cache, others, LookupOutcome.SemanticHit), semantic),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        while (_held.TryPop(out IAsyncDisposable? held))
        {
            await held.DisposeAsync();
        }
    }

    private Scenario Of(ITarget target, ITarget baseline) => new(target, plan.InFlight, baseline);

    private T Hold<T>(T held)
        where T : IAsyncDisposable
    {
        _held.Push(held);
        return held;
    }

    private Question EntryOf(int number)
    {
        StoreRequest store = _corpus.Store("", number);
        return new Question(store.Prompt.Text, store.Response.Text);
    }
}
