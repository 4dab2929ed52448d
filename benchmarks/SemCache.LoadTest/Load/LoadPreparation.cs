using SemCache.LoadTest.Commands;
using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Serving;
using SemCache.LoadTest.Texts;
using SemCache.V1;

namespace SemCache.LoadTest.Load;

/// <summary>Fills a namespace and finds out which lookups end in which way.</summary>
/// <remarks>
/// Whether a rewording should hit is for `semcache eval` to judge. Here the outcome is the label of what is timed,
/// so prompts are taken that do end so, and how many do is printed.
/// </remarks>
internal sealed class LoadPreparation(ServerConnections connections, LoadPlan plan, IReadOnlyList<string> texts)
    : IAsyncDisposable
{
    private const int MostProbes = 10_000;

    private readonly RunNamespace _filled = new(connections, "load");
    private readonly RunNamespace _stored = new(connections, "store");

    /// <summary>How many texts a plan needs: those that are stored and those that are not.</summary>
    public static int TextsNeeded(LoadPlan plan) => plan.Entries + ProbesOf(plan);

    /// <summary>All scenarios, the empty call first.</summary>
    public async Task<IReadOnlyList<Scenario>> RunAsync(CancellationToken cancellation)
    {
        Report.Progress($"Storing {plan.Entries:N0} entries");
        string[] responses = [.. Enumerable.Range(0, plan.Entries).Select(i => Responses.Of(i, plan.ResponseBytes))];
        var fill = new BulkStore(streams: 4, plan.Entries, i => Requests.Store(_filled.Name, texts[i], responses[i]));
        await fill.RunAsync(connections, cancellation);

        int probes = ProbesOf(plan);
        IEnumerable<Probe> exact = responses.Select((response, i) => ProbeOf(texts[i], Outcome.ExactHit, response));
        IEnumerable<Probe> reworded = responses.Take(probes).Select((response, i) =>
            ProbeOf(Rewordings.Of(texts[i], i), Outcome.SemanticHit, response));
        IEnumerable<Probe> unknown = texts.Skip(plan.Entries).Select(text => ProbeOf(text, Outcome.Miss, null));
        return
        [
            new PingScenario(),
            new LookupScenario("exact", [.. exact]),
            await FilteredAsync("semantic", [.. reworded], cancellation),
            await FilteredAsync("miss", [.. unknown], cancellation),
            new StoreScenario(_stored.Name, texts, plan.ResponseBytes),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        await _filled.DisposeAsync();
        await _stored.DisposeAsync();
    }

    private static int ProbesOf(LoadPlan plan) => Math.Min(plan.Entries, MostProbes);

    private Probe ProbeOf(string prompt, Outcome expected, string? response) =>
        new(Requests.Lookup(_filled.Name, prompt), expected, response);

    private async Task<LookupScenario> FilteredAsync(string name, Probe[] candidates, CancellationToken cancellation)
    {
        Report.Progress($"Looking for prompts of the scenario {name}");
        string?[] checks = await connections.CheckAllAsync(
            plan.Concurrency, candidates.Length, i => candidates[i], cancellation);
        Probe[] fitting = [.. candidates.Where((_, i) => checks[i] is null)];
        string outcomes = string.Join(", ", checks.CountBy(check => check ?? "as expected")
            .OrderByDescending(kind => kind.Value)
            .Select(kind => $"{kind.Value:N0} {kind.Key}"));
        Report.Progress($"  {fitting.Length:N0} of {candidates.Length:N0} are used: {outcomes}");
        return fitting.Length * 2 >= candidates.Length
            ? new LookupScenario(name, fitting)
            : throw new NotMeasuredException($"Fewer than half of the prompts for {name} are fit for it: {outcomes}.");
    }
}
