using HdrHistogram;

namespace SemCache.Core.Diagnostics;

/// <summary>Counters of one namespace since the start. Safe for concurrent use; reading does not stop writers.</summary>
internal sealed class NamespaceCounters
{
    private const long MaxMicroseconds = 60_000_000;
    private const int SignificantDigits = 2;

    private volatile LongConcurrentHistogram? _latency;
    private readonly long[] _missesByReason = new long[Enum.GetValues<MissReason>().Length];
    private readonly Lock _savedGate = new();
    private long _lookups;
    private long _exactHits;
    private long _semanticHits;
    private long _stores;
    private long _evicted;
    private Savings _saved;

    /// <summary>Begins to keep latencies, which takes tens of kilobytes, unless they are kept. One caller at a time.</summary>
    public void KeepLatency() => _latency ??= new LongConcurrentHistogram(1, MaxMicroseconds, SignificantDigits);

    /// <summary>Lets go of the latencies.</summary>
    public void DropLatency() => _latency = null;

    public void Lookup(LookupResult result, TimeSpan duration)
    {
        Interlocked.Increment(ref _lookups);
        _latency?.RecordValue(Math.Clamp((long)duration.TotalMicroseconds, 1, MaxMicroseconds));
        switch (result.Outcome)
        {
            case LookupOutcome.ExactHit:
                Interlocked.Increment(ref _exactHits);
                break;
            case LookupOutcome.SemanticHit:
                Interlocked.Increment(ref _semanticHits);
                break;
            default:
                Interlocked.Increment(ref _missesByReason[(int)result.MissReason]);
                break;
        }

        if (result.Entry?.Usage?.Saved is { } saved)
        {
            lock (_savedGate)
            {
                _saved += saved;
            }
        }
    }

    public void Stored() => Interlocked.Increment(ref _stores);

    public void Evicted(int entries) => Interlocked.Add(ref _evicted, entries);

    /// <summary>The counters beside what a namespace holds at the moment.</summary>
    public NamespaceStats Read(in NamespaceHoldings held)
    {
        var misses = new Dictionary<MissReason, long>();
        foreach (MissReason reason in Enum.GetValues<MissReason>())
        {
            if (Interlocked.Read(ref _missesByReason[(int)reason]) is > 0 and long count)
            {
                misses[reason] = count;
            }
        }

        Savings saved;
        lock (_savedGate)
        {
            saved = _saved;
        }

        return new NamespaceStats(
            held.Name, held.Entries, held.WithoutVector, held.Partitions, held.Bytes, held.MemoryBytes, held.VectorBytes,
            Interlocked.Read(ref _lookups), Interlocked.Read(ref _exactHits), Interlocked.Read(ref _semanticHits), misses, saved,
            Interlocked.Read(ref _stores), Interlocked.Read(ref _evicted), Quantiles());
    }

    private LatencyQuantiles Quantiles()
    {
        if (_latency?.Copy() is not { TotalCount: > 0 } latency)
        {
            return default;
        }

        TimeSpan At(double percentile) => TimeSpan.FromMicroseconds(latency.GetValueAtPercentile(percentile));
        return new LatencyQuantiles(At(50), At(95), At(99), TimeSpan.FromMicroseconds(latency.GetMaxValue()));
    }
}

/// <summary>What a namespace holds; <see cref="NamespaceStats"/> describes the figures.</summary>
internal readonly record struct NamespaceHoldings(
    string Name, long Entries, long WithoutVector, long Partitions, long Bytes, long MemoryBytes, long VectorBytes);

/// <summary>Figures of one namespace. Counters count since the cache was started.</summary>
/// <param name="Name">The namespace.</param>
/// <param name="Entries">Entries that can be served.</param>
/// <param name="WithoutVector">Of these, entries whose vector is not in memory yet: only exact lookups find them.</param>
/// <param name="Partitions">Partitions that hold entries.</param>
/// <param name="Bytes">Bytes of the entries' records in the entry log.</param>
/// <param name="MemoryBytes">Bytes of memory that its entries and partitions use, their vectors and links among them.</param>
/// <param name="VectorBytes">Bytes of the vector indexes in memory, with what is held for entries to come.</param>
/// <param name="Lookups">Lookups answered.</param>
/// <param name="ExactHits">Of these, exact hits.</param>
/// <param name="SemanticHits">Of these, semantic hits.</param>
/// <param name="Misses">Of these, misses by reason.</param>
/// <param name="Saved">What the hits saved.</param>
/// <param name="Stores">Stores that were admitted.</param>
/// <param name="Evicted">Entries that went to keep a budget.</param>
/// <param name="LookupLatency">How long lookups took inside the engine, since the namespace has had entries.</param>
public sealed record NamespaceStats(
    string Name,
    long Entries,
    long WithoutVector,
    long Partitions,
    long Bytes,
    long MemoryBytes,
    long VectorBytes,
    long Lookups,
    long ExactHits,
    long SemanticHits,
    IReadOnlyDictionary<MissReason, long> Misses,
    Savings Saved,
    long Stores,
    long Evicted,
    LatencyQuantiles LookupLatency);

/// <summary>Quantiles of a latency, to two significant digits; all zero when nothing was measured.</summary>
/// <param name="P50">Median.</param>
/// <param name="P95">95th percentile.</param>
/// <param name="P99">99th percentile.</param>
/// <param name="Max">The slowest.</param>
public readonly record struct LatencyQuantiles(TimeSpan P50, TimeSpan P95, TimeSpan P99, TimeSpan Max);
