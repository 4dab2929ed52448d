using System.Diagnostics;
using System.Diagnostics.Metrics;
using SemCache.Core.Eviction;

namespace SemCache.Core.Diagnostics;

/// <summary>
/// The engine's instruments, meter <see cref="MeterName"/>. Times are in seconds, sizes in bytes; the tag
/// <c>namespace</c> is bounded by <see cref="LimitsOptions.MaxNamespaces"/>.
/// </summary>
public sealed class SemCacheMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "SemCache";

    /// <summary>Name of the activity source: one span a stage of a lookup or a store.</summary>
    public const string ActivitySourceName = "SemCache";

    internal static readonly ActivitySource Activities = new(ActivitySourceName);

    private readonly Meter _meter;
    private readonly Counter<long> _lookups;
    private readonly Counter<long> _stores;
    private readonly Counter<long> _invalidated;
    private readonly Counter<long> _expired;
    private readonly Counter<long> _evicted;
    private readonly Counter<long> _unreadable;
    private readonly Counter<long> _logWriteFailures;
    private readonly Counter<long> _savedTokens;
    private readonly Counter<double> _savedCost;
    private readonly Counter<double> _savedSeconds;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _guardStops;
    private readonly Counter<long> _guardFailures;
    private readonly Counter<long> _verifierFailures;
    private readonly Counter<long> _indexProbes;
    private readonly Counter<long> _snapshots;
    private readonly Counter<long> _entrySnapshots;
    private readonly Counter<long> _lost;
    private readonly Counter<long> _appended;
    private readonly Counter<long> _compactedSegments;
    private readonly Counter<long> _compactionRead;
    private readonly Counter<long> _compactionCopied;
    private readonly Counter<long> _compactionLost;
    private readonly Histogram<double> _lookupSeconds;
    private readonly Histogram<double> _stageSeconds;
    private readonly Histogram<double> _storeSeconds;
    private readonly Histogram<double> _commitSeconds;
    private readonly Histogram<int> _batchSize;

    /// <summary>Creates the instruments.</summary>
    public SemCacheMetrics(IMeterFactory meters)
    {
        ArgumentNullException.ThrowIfNull(meters);
        _meter = meters.Create(MeterName);
        _lookups = _meter.CreateCounter<long>("semcache.lookups", "{lookup}", "Lookups by outcome and reason");
        _stores = _meter.CreateCounter<long>("semcache.stores", "{store}", "Stores by result");
        _invalidated = _meter.CreateCounter<long>("semcache.entries.invalidated", "{entry}", "Entries invalidated");
        _expired = _meter.CreateCounter<long>("semcache.entries.expired", "{entry}", "Expired entries removed");
        _evicted = _meter.CreateCounter<long>(
            "semcache.entries.evicted", "{entry}", "Entries that went to keep a budget");
        _unreadable = _meter.CreateCounter<long>("semcache.log.unreadable", "{record}", "Damaged records met on reading");
        _logWriteFailures = _meter.CreateCounter<long>(
            "semcache.log.write.failures", "{write}", "Writes of the entry log that failed and are tried again");
        _savedTokens = _meter.CreateCounter<long>("semcache.saved.tokens", "{token}", "Tokens saved by hits");
        _savedCost = _meter.CreateCounter<double>("semcache.saved.cost", "{cost}", "Cost saved by hits");
        _savedSeconds = _meter.CreateCounter<double>("semcache.saved.time", "s", "Waiting time saved by hits");
        _refused = _meter.CreateCounter<long>("semcache.refused", "{request}", "Requests refused at a limit");
        _guardStops = _meter.CreateCounter<long>("semcache.guard.stops", "{candidate}", "Candidates stopped by guards");
        _guardFailures = _meter.CreateCounter<long>("semcache.guard.failures", "{failure}", "Guards that threw");
        _verifierFailures = _meter.CreateCounter<long>(
            "semcache.verifier.failures", "{lookup}", "Lookups that the verifier did not answer");
        _indexProbes = _meter.CreateCounter<long>(
            "semcache.index.probes", "{lookup}", "Lookups whose search was compared with an exact scan");
        _snapshots = _meter.CreateCounter<long>("semcache.index.snapshots", "{snapshot}", "Snapshots of graphs by result");
        _entrySnapshots = _meter.CreateCounter<long>("semcache.entries.snapshots", "{snapshot}", "Snapshots of entries by result");
        _lost = _meter.CreateCounter<long>("semcache.entries.lost", "{entry}", "Entries lost with files of the log");
        _appended = _meter.CreateCounter<long>("semcache.log.appended", "By", "Bytes appended to the entry log");
        _compactedSegments = _meter.CreateCounter<long>(
            "semcache.log.compaction.segments", "{segment}", "Segments given back, by whether they had to be copied");
        _compactionRead = _meter.CreateCounter<long>(
            "semcache.log.compaction.read", "By", "Bytes read by compaction");
        _compactionCopied = _meter.CreateCounter<long>(
            "semcache.log.compaction.copied", "By", "Of the bytes appended, those that compaction wrote again");
        _compactionLost = _meter.CreateCounter<long>(
            "semcache.log.compaction.lost", "{record}", "Damaged records of live entries that compaction met");
        _lookupSeconds = Seconds("semcache.lookup.duration", "Lookups, inside the engine");
        _stageSeconds = Seconds("semcache.stage.duration", "Stages of lookups and stores");
        _storeSeconds = Seconds("semcache.store.duration", "Stores, durable, inside the engine");
        _commitSeconds = Seconds("semcache.log.commit.duration", "Commits of the entry log");
        _batchSize = _meter.CreateHistogram<int>("semcache.embedding.batch_size", "{prompt}", "Prompts in a batch");
    }

    /// <summary>Registers a value that is read when metrics are collected.</summary>
    internal void Observe(string name, string unit, string description, Func<long> read) =>
        _meter.CreateObservableGauge(name, read, unit, description);

    /// <summary>Registers values, as many as there are to tell, that are read when metrics are collected.</summary>
    internal void Observe<T>(string name, string unit, string description, Func<IEnumerable<Measurement<T>>> read)
        where T : struct =>
        _meter.CreateObservableGauge(name, read, unit, description);

    internal void Lookup(string name, LookupResult result, TimeSpan duration)
    {
        var ns = new KeyValuePair<string, object?>("namespace", name);
        var outcome = new KeyValuePair<string, object?>("outcome", OutcomeName(result.Outcome));
        _lookups.Add(1, ns, outcome, new KeyValuePair<string, object?>("reason", ReasonName(result.MissReason)));
        _lookupSeconds.Record(duration.TotalSeconds, outcome);
        if (result.Entry?.Usage?.Saved is { } saved)
        {
            _savedTokens.Add(saved.Tokens, ns);
            _savedCost.Add(saved.Cost, ns);
            _savedSeconds.Add(saved.Time.TotalSeconds, ns);
        }
    }

    internal void Store(string name, StoreResult result, TimeSpan duration)
    {
        string outcome = result.NotAdmitted switch
        {
            NotAdmittedReason.None => "stored",
            NotAdmittedReason.EmptyResponse => "empty_response",
            NotAdmittedReason.FinishReason => "finish_reason",
            _ => "too_large",
        };
        _stores.Add(
            1, new KeyValuePair<string, object?>("namespace", name), new KeyValuePair<string, object?>("result", outcome));
        _storeSeconds.Record(duration.TotalSeconds);
    }

    internal void Invalidated(string name, long count) =>
        _invalidated.Add(count, new KeyValuePair<string, object?>("namespace", name));

    internal void Expired(long count) => _expired.Add(count);

    internal void Evicted(string name, EvictionReason reason, long count) => _evicted.Add(
        count,
        new KeyValuePair<string, object?>("namespace", name),
        new KeyValuePair<string, object?>("reason", reason == EvictionReason.Memory ? "memory" : "disk"));

    internal void UnreadableRecord() => _unreadable.Add(1);

    internal void LogWriteFailed(string cause) =>
        _logWriteFailures.Add(1, new KeyValuePair<string, object?>("cause", cause));

    internal void Refused(string limit) => _refused.Add(1, new KeyValuePair<string, object?>("limit", limit));

    internal void GuardStopped(string guard) => _guardStops.Add(1, new KeyValuePair<string, object?>("guard", guard));

    internal void GuardFailed(string guard) => _guardFailures.Add(1, new KeyValuePair<string, object?>("guard", guard));

    internal void VerifierFailed(string cause) =>
        _verifierFailures.Add(1, new KeyValuePair<string, object?>("cause", cause));

    internal void IndexProbed(string name, bool found) => _indexProbes.Add(
        1,
        new KeyValuePair<string, object?>("namespace", name),
        new KeyValuePair<string, object?>("result", found ? "found" : "missed"));

    internal void Snapshot(string result) => _snapshots.Add(1, new KeyValuePair<string, object?>("result", result));

    internal void EntrySnapshot(string result) =>
        _entrySnapshots.Add(1, new KeyValuePair<string, object?>("result", result));

    internal void EntriesLost(long count) => _lost.Add(count);

    internal void Appended(int bytes) => _appended.Add(bytes);

    internal void SegmentCompacted(string way) =>
        _compactedSegments.Add(1, new KeyValuePair<string, object?>("way", way));

    internal void CompactionRead(long bytes) => _compactionRead.Add(bytes);

    internal void CompactionCopied(long bytes) => _compactionCopied.Add(bytes);

    internal void CompactionLost() => _compactionLost.Add(1);

    internal void Committed(TimeSpan duration) => _commitSeconds.Record(duration.TotalSeconds);

    internal void Batch(int prompts) => _batchSize.Record(prompts);

    /// <summary>Opens a stage: a span for traces, and a time for the histogram. Dispose to end it.</summary>
    internal Stage Begin(string name) => new(this, name);

    private Histogram<double> Seconds(string name, string description) => _meter.CreateHistogram(
        name,
        "s",
        description,
        advice: new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries =
                [10e-6, 25e-6, 50e-6, 100e-6, 250e-6, 500e-6, 1e-3, 2.5e-3, 5e-3, 10e-3, 25e-3, 50e-3, 100e-3, 1, 10],
        });

    private static string OutcomeName(LookupOutcome outcome) => outcome switch
    {
        LookupOutcome.ExactHit => "exact_hit",
        LookupOutcome.SemanticHit => "semantic_hit",
        _ => "miss",
    };

    private static string ReasonName(MissReason reason) => reason switch
    {
        MissReason.None => "none",
        MissReason.NoCandidate => "no_candidate",
        MissReason.BelowThreshold => "below_threshold",
        MissReason.Expired => "expired",
        MissReason.TooOld => "too_old",
        MissReason.OverWindow => "over_window",
        MissReason.UnknownWord => "unknown_word",
        MissReason.Guarded => "guarded",
        MissReason.Unverified => "unverified",
        MissReason.VerifierUnavailable => "verifier_unavailable",
        _ => "unreadable",
    };

    /// <summary>One stage of a request.</summary>
    internal readonly struct Stage : IDisposable
    {
        private readonly SemCacheMetrics _metrics;
        private readonly string _name;
        private readonly Activity? _activity;
        private readonly long _started;

        public Stage(SemCacheMetrics metrics, string name)
        {
            _metrics = metrics;
            _name = name;
            _activity = Activities.StartActivity(name);
            _started = Stopwatch.GetTimestamp();
        }

        public void Dispose()
        {
            _metrics._stageSeconds.Record(
                Stopwatch.GetElapsedTime(_started).TotalSeconds, new KeyValuePair<string, object?>("stage", _name));
            _activity?.Dispose();
        }
    }
}
