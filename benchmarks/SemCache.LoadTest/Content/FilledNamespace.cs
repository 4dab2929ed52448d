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
    // Few enough that none waits so long for a turn that it is refused.
    private const int InFlight = 4;
    private const int MostExact = 100_000;

    private readonly RunNamespace _namespace = new(connections, "load");

    /// <summary>Its name.</summary>
    public string Name => _namespace.Name;

    /// <summary>How many entries it has: the first ones of the corpus.</summary>
    public int Entries { get; private set; }

    /// <summary>Stores all entries of the corpus.</summary>
    public Task FillAsync(CancellationToken cancellation) => FillAsync(corpus.Entries, cancellation);

    /// <summary>Stores entries until there are so many.</summary>
    public async Task FillAsync(int entries, CancellationToken cancellation)
    {
        int present = Entries;
        Report.Progress($"Storing {entries - present:N0} entries");
        await new BulkStore(Streams, entries - present, i => corpus.Store(Name, present + i))
            .RunAsync(connections, cancellation);
        Entries = entries;
    }

    /// <summary>Lookups of entries in their own words; of very many entries, of a part that is spread over all.</summary>
    public Probe[] Exact() => [.. Spread(MostExact).Select(number => corpus.Exact(Name, number))];

    /// <summary>Numbers of entries, at most so many, that are spread over all.</summary>
    public IEnumerable<int> Spread(int most)
    {
        int count = Math.Min(Entries, most);
        return Enumerable.Range(0, count).Select(i => (int)((long)i * Entries / count));
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
