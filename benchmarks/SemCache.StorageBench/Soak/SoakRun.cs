using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Serving;
using SemCache.LoadTest.Texts;
using SemCache.StorageBench.Figures;

namespace SemCache.StorageBench.Soak;

/// <summary>
/// Uses a server with budgets for long, and one without before and after, with as many entries and the same calls.
/// </summary>
internal sealed class SoakRun(FileInfo program, SoakPlan plan)
{
    private const int Connections = 4;
    private const int FillStreams = 4;
    private const string Namespace = "soak";

    private readonly IReadOnlyList<string> _prompts = QuestionGenerator.Take(plan.Prompts);

    /// <summary>Runs the three phases.</summary>
    public async Task<SoakFigures> RunAsync(CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        await using ServerProcess server = ServerProcess.Start(program, folder.Path, plan.Tight);
        using ServerConnections connections = await FillAsync(server, plan.Fill, cancellation);
        int held = await EntriesAsync(server, cancellation);
        Report.Progress($"{held:N0} of {plan.Fill:N0} entries are held");

        PhaseFigures before = await ControlAsync("without budgets, before", held, cancellation);
        PhaseFigures soak = await UseAsync("at full budgets", server, connections, folder.Path, held, plan.Fill, plan.Seconds, cancellation);
        PhaseFigures after = await ControlAsync("without budgets, after", held, cancellation);
        return new SoakFigures(plan, held, before, soak, after);
    }

    private async Task<PhaseFigures> ControlAsync(string name, int entries, CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        await using ServerProcess server = ServerProcess.Start(program, folder.Path, plan.Roomy);
        using ServerConnections connections = await FillAsync(server, entries, cancellation);
        return await UseAsync(name, server, connections, folder.Path, entries, entries, plan.ControlSeconds, cancellation);
    }

    private async Task<ServerConnections> FillAsync(ServerProcess server, int entries, CancellationToken cancellation)
    {
        await server.WaitUntilReadyAsync(cancellation);
        var connections = new ServerConnections(server.GrpcAddress, Connections);
        Report.Progress($"Storing {entries:N0} entries");
        await new BulkStore(
            FillStreams,
            entries,
            i => Requests.Store(Namespace, _prompts[i], Responses.Of(i, plan.ResponseBytes))).RunAsync(connections, cancellation);
        await server.WaitUntilReadyAsync(cancellation);
        return connections;
    }

    private async Task<PhaseFigures> UseAsync(
        string name,
        ServerProcess server,
        ServerConnections connections,
        string folder,
        int held,
        int stored,
        int seconds,
        CancellationToken cancellation)
    {
        Report.Progress($"{seconds} s {name}");
        var keys = new ChurnKeys(_prompts, plan.ResponseBytes, window: Math.Max(1, held / 2));
        keys.Begin(stored);
        await new OpenLoop(connections, Namespace, keys, plan.Lookups, plan.Stores)
            .RunAsync(TimeSpan.FromSeconds(plan.WarmUpSeconds), cancellation);
        var load = new OpenLoop(connections, Namespace, keys, plan.Lookups, plan.Stores);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<IReadOnlyList<SecondSample>> sampling = new Sampler(server, folder, load).RunAsync(ended.Token);
        await load.RunAsync(TimeSpan.FromSeconds(seconds), cancellation);
        await ended.CancelAsync();
        server.ThrowIfEnded();
        return new PhaseFigures(name, await sampling, Quantiles.Of(load.Lateness.Take()), load.Wrong, load.Refused);
    }

    private static async Task<int> EntriesAsync(ServerProcess server, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = server.HttpAddress };
        await Task.Delay(Scrape.ShortestInterval, cancellation);
        return (int)(await Scrape.OfAsync(http, cancellation)).Entries;
    }
}
