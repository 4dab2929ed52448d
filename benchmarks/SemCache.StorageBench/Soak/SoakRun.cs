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
    // With more, stores of one partition wait for the index in greater number than the server lets them.
    private const int FillStreams = 2;
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

        // Idle while the other one is used: a new one each time would be measured while it compiles itself.
        using var controlFolder = new TemporaryFolder();
        await using ServerProcess control = ServerProcess.Start(program, controlFolder.Path, plan.Roomy);
        using ServerConnections controlConnections = await FillAsync(control, held, cancellation);

        var tight = new Subject(server, connections, folder.Path, KeysOf(held, plan.Fill));
        var roomy = new Subject(control, controlConnections, controlFolder.Path, KeysOf(held, held));
        PhaseFigures before = await UseAsync("without budgets, before", roomy, plan.ControlSeconds, cancellation);
        PhaseFigures soak = await UseAsync("at full budgets", tight, plan.Seconds, cancellation);
        PhaseFigures after = await UseAsync("without budgets, after", roomy, plan.ControlSeconds, cancellation);
        return new SoakFigures(plan, held, before, soak, after);
    }

    private ChurnKeys KeysOf(int held, int stored)
    {
        var keys = new ChurnKeys(_prompts, plan.ResponseBytes, window: Math.Max(1, held / 2));
        keys.Begin(stored);
        return keys;
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

    private async Task<PhaseFigures> UseAsync(string name, Subject used, int seconds, CancellationToken cancellation)
    {
        Report.Progress($"{seconds} s {name}");
        await NewLoad().RunAsync(TimeSpan.FromSeconds(plan.WarmUpSeconds), cancellation);
        OpenLoop load = NewLoad();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task<IReadOnlyList<SecondSample>> sampling = new Sampler(used.Server, used.Folder, load).RunAsync(ended.Token);
        await load.RunAsync(TimeSpan.FromSeconds(seconds), cancellation);
        await ended.CancelAsync();
        used.Server.ThrowIfEnded();
        return new PhaseFigures(name, await sampling, Quantiles.Of(load.Lateness.Take()), load.Wrong, load.Refused);

        OpenLoop NewLoad() => new(used.Connections, Namespace, used.Keys, plan.Lookups, plan.Stores);
    }

    private static async Task<int> EntriesAsync(ServerProcess server, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = server.HttpAddress };
        await Task.Delay(Scrape.ShortestInterval, cancellation);
        return (int)(await Scrape.OfAsync(http, cancellation)).Entries;
    }

    /// <summary>A server that is used.</summary>
    private sealed record Subject(ServerProcess Server, ServerConnections Connections, string Folder, ChurnKeys Keys);
}
