using System.Diagnostics.Metrics;
using System.Globalization;
using SemCache.Core;
using Spectre.Console;

namespace SemCache.Stages;

/// <summary>The engine's own stage metrics, every one kept, and the time of whole lookups by what came of them.</summary>
internal sealed class StageTimes : IDisposable
{
    private const string StageInstrument = "semcache.stage.duration";

    private readonly MeterListener _listener = new();
    private readonly SortedDictionary<string, List<double>> _seconds = new(StringComparer.Ordinal);

    public StageTimes()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == StageInstrument)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, tags, _) => Add($"stage {tags[0].Value}", seconds));
        _listener.Start();
    }

    /// <summary>Whether times are kept.</summary>
    public bool Measuring { get; set; }

    public void Add(LookupResult result, TimeSpan duration) => Add(
        result.Outcome == LookupOutcome.Miss ? $"lookup, miss: {result.MissReason}" : $"lookup, {result.Outcome}",
        duration.TotalSeconds);

    public Table ToTable()
    {
        Table table = new Table().Border(TableBorder.Markdown).AddColumn("what");
        foreach (string column in (string[])["times", "p50 µs", "p99 µs"])
        {
            table.AddColumn(new TableColumn(column).RightAligned());
        }

        foreach ((string what, List<double> seconds) in _seconds)
        {
            seconds.Sort();
            table.AddRow(
                what,
                seconds.Count.ToString("N0", CultureInfo.InvariantCulture),
                Microseconds(seconds[seconds.Count / 2]),
                Microseconds(seconds[seconds.Count * 99 / 100]));
        }

        return table;
    }

    public void Dispose() => _listener.Dispose();

    private void Add(string what, double seconds)
    {
        // Stages end on workers too.
        lock (_seconds)
        {
            if (!Measuring)
            {
                return;
            }

            if (!_seconds.TryGetValue(what, out List<double>? all))
            {
                _seconds[what] = all = [];
            }

            all.Add(seconds);
        }
    }

    private static string Microseconds(double seconds) => (1e6 * seconds).ToString("N0", CultureInfo.InvariantCulture);
}
