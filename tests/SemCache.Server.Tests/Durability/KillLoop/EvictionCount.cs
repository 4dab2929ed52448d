using System.Globalization;

namespace SemCache.Server.Tests.Durability.KillLoop;

/// <summary>How many entries a server says it has evicted.</summary>
internal static class EvictionCount
{
    private const string Metric = "semcache_entries_evicted_total{";

    // Scrapes closer together may be answered from a cache.
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(400);

    /// <summary>The count once it stays what it is; nothing is stored meanwhile.</summary>
    public static async Task<long> SettledAsync(HttpClient http)
    {
        long before = -1;
        long now = await ReadAsync(http);
        while (now != before)
        {
            before = now;
            await Task.Delay(_interval);
            now = await ReadAsync(http);
        }

        return now;
    }

    private static async Task<long> ReadAsync(HttpClient http) =>
        (await http.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Split('\n')
            .Where(line => line.StartsWith(Metric, StringComparison.Ordinal))
            .Sum(line => (long)double.Parse(line.Split('}')[^1].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
}
