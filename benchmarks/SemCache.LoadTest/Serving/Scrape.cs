using System.Globalization;

namespace SemCache.LoadTest.Serving;

/// <summary>The server's metrics at one moment, as Prometheus would read them.</summary>
internal sealed class Scrape
{
    /// <summary>Scrapes closer together than this may be answered from a cache.</summary>
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(400);

    private const string Probes = "semcache_index_probes_total";

    private readonly Dictionary<string, double> _sums = [];
    private readonly double _probesFound;

    private Scrape(string text)
    {
        foreach (string line in text.Split('\n').Where(line => line.StartsWith("semcache_", StringComparison.Ordinal)))
        {
            string name = line[..line.IndexOfAny(['{', ' '])];
            string value = line.TrimEnd().Split('}')[^1].Trim().Split(' ')[0];
            if (double.TryParse(value, CultureInfo.InvariantCulture, out double number))
            {
                _sums[name] = _sums.GetValueOrDefault(name) + number;
                if (name == Probes)
                {
                    _probesFound += line.Contains("result=\"found\"", StringComparison.Ordinal) ? number : 0;
                }
            }
        }
    }

    /// <summary>Reads a server's metrics.</summary>
    public static async Task<Scrape> OfAsync(HttpClient http, CancellationToken cancellation) =>
        new(await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellation));

    /// <summary>Live entries.</summary>
    public double Entries => Sum("semcache_entries");

    /// <summary>Bytes between begin and tail of the entry log.</summary>
    public double LogBytes => Sum("semcache_log_size_bytes");

    /// <summary>Bytes of the log that live entries take.</summary>
    public double LiveBytes => Sum("semcache_log_live_bytes");

    /// <summary>Bytes of memory that the server counts to its budget.</summary>
    public double AccountedBytes => Sum("semcache_memory_used_bytes");

    /// <summary>Entries evicted since the start.</summary>
    public double Evicted => Sum("semcache_entries_evicted_total");

    /// <summary>Bytes that compaction has read since the start.</summary>
    public double CompactionBytes => Sum("semcache_log_compaction_read_bytes_total");

    /// <summary>Segments given back since the start, copied or not.</summary>
    public double SegmentsGivenBack => Sum("semcache_log_compaction_segments_total");

    /// <summary>Bytes appended to the log since the start, those of compaction included.</summary>
    public double AppendedBytes => Sum("semcache_log_appended_bytes_total");

    /// <summary>Of these, bytes that compaction wrote again.</summary>
    public double CopiedBytes => Sum("semcache_log_compaction_copied_bytes_total");

    /// <summary>Slots of indexes that wait to be linked or taken out.</summary>
    public double IndexBacklog => Sum("semcache_index_backlog");

    /// <summary>Searches that the server has compared with a scan since the start.</summary>
    public double ProbesMade => Sum(Probes);

    /// <summary>Of these, those that had found the nearest entry.</summary>
    public double ProbesFound => _probesFound;

    private double Sum(string name) => _sums.GetValueOrDefault(name);
}
