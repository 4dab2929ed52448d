using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Serving;

namespace SemCache.LoadTest.Content;

/// <summary>Fills a namespace and finds out which lookups end in which way.</summary>
/// <remarks>
/// Whether a rewording should hit is for `semcache eval` to judge. Here the outcome is the label of what is timed,
/// so prompts are taken that do end so, and how many do is printed.
/// </remarks>
internal sealed class FilledNamespace(ServerConnections connections, Corpus corpus) : IAsyncDisposable
{
    private const int Streams = 4;
    private const int InFlight = 16;
    private const int MostExact = 100_000;

    private readonly RunNamespace _namespace = new(connections, "load");

    /// <summary>Its name.</summary>
    public string Name => _namespace.Name;

    /// <summary>Stores all entries of the corpus.</summary>
    public async Task FillAsync(CancellationToken cancellation)
    {
        Report.Progress($"Storing {corpus.Entries:N0} entries");
        await new BulkStore(Streams, corpus.Entries, i => corpus.Store(Name, i)).RunAsync(connections, cancellation);
    }

    /// <summary>Lookups of entries in their own words; of very many entries, of a part that is spread over all.</summary>
    public Probe[] Exact()
    {
        int count = Math.Min(corpus.Entries, MostExact);
        return [.. Enumerable.Range(0, count).Select(i => corpus.Exact(Name, (int)((long)i * corpus.Entries / count)))];
    }

    /// <summary>Lookups in other words that find the entry whose words were changed.</summary>
    /// <exception cref="NotMeasuredException">Most do not.</exception>
    public Task<Probe[]> RewordedAsync(CancellationToken cancellation) => FitAsync(
        "semantic", [.. Enumerable.Range(0, corpus.Probes).Select(i => corpus.Reworded(Name, i))], cancellation);

    /// <summary>Lookups that find nothing.</summary>
    /// <exception cref="NotMeasuredException">Most do find something.</exception>
    public Task<Probe[]> UnknownAsync(CancellationToken cancellation) => FitAsync(
        "miss", [.. Enumerable.Range(0, corpus.Probes).Select(i => corpus.Unknown(Name, i))], cancellation);

    public ValueTask DisposeAsync() => _namespace.DisposeAsync();

    private async Task<Probe[]> FitAsync(string kind, Probe[] candidates, CancellationToken cancellation)
    {
        Report.Progress($"Looking for prompts of the kind {kind}");
        string?[] checks = await connections.CheckAllAsync(
            InFlight, candidates.Length, i => candidates[i], cancellation);
        Probe[] fitting = [.. candidates.Where((_, i) => checks[i] is null)];
        string outcomes = string.Join(", ", checks.CountBy(check => check ?? "as expected")
            .OrderByDescending(kind => kind.Value)
            .Select(kind => $"{kind.Value:N0} {kind.Key}"));
        Report.Progress($"  {fitting.Length:N0} of {candidates.Length:N0} are used: {outcomes}");
        return fitting.Length * 2 >= candidates.Length
            ? fitting
            : throw new NotMeasuredException($"Fewer than half of the prompts for {kind} are fit for it: {outcomes}.");
    }
}
