using System.Globalization;
using System.Numerics;
using SemCache.Core.Embeddings;
using SemCache.Core.Indexing;
using SemCache.Core.Matching.Guards;
using SemCache.Core.Requests;

namespace SemCache.Core.Configuration;

/// <summary>Finds every mistake in the options: the key, the value and the allowed range.</summary>
internal sealed class SemCacheOptionsValidator
{
    private readonly InstalledGuards _guards;
    private readonly ModelManifest? _model;
    private readonly List<string> _mistakes = [];

    private SemCacheOptionsValidator(InstalledGuards guards, ModelManifest? model)
    {
        _guards = guards;
        _model = model;
    }

    /// <summary>All mistakes; empty when the options are sound.</summary>
    /// <param name="options">The options.</param>
    /// <param name="guards">The guards that options may name.</param>
    /// <param name="model">The model that options are held against; null as long as it is not loaded.</param>
    public static IReadOnlyList<string> Validate(SemCacheOptions options, InstalledGuards guards, ModelManifest? model)
    {
        var validator = new SemCacheOptionsValidator(guards, model);
        validator.Model(options.Model);
        validator.Storage(options.Storage);
        validator.Limits(options.Limits);
        validator.Index(options.Index);
        validator.LargestRecord(options);
        validator.Namespace("NamespaceDefaults", options.NamespaceDefaults, options.NamespaceDefaults);
        foreach ((string name, NamespaceOptions own) in options.Namespaces)
        {
            if (!NamespaceName.IsValid(name))
            {
                validator.Add($"Namespaces:{name}", "is not a namespace name", NamespaceName.Rule);
            }

            validator.Namespace($"Namespaces:{name}", own, options.NamespaceDefaults);
        }

        return validator._mistakes;
    }

    private void Model(ModelOptions model)
    {
        NotEmpty("Model:Path", model.Path);
        Range("Model:Workers", model.Workers, 1, 256);
        Range("Model:ThreadsPerWorker", model.ThreadsPerWorker, 1, 256);
        Range("Model:MaxBatchSize", model.MaxBatchSize, 1, 1024);
        Range("Model:MaxBatchTokens", model.MaxBatchTokens, 64, 1 << 20);
        Range("Model:MaxQueueLength", model.MaxQueueLength, 1, 1_000_000);
        Range("Model:ReembedRate", model.ReembedRate, 1, 1_000_000);
        Range("Model:VerifierTimeout", model.VerifierTimeout, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
    }

    private void Storage(StorageOptions storage)
    {
        NotEmpty("Storage:Path", storage.Path);
        OneOf("Storage:Durability", storage.Durability);
        Range("Storage:CommitInterval", storage.CommitInterval, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        PowerOfTwo("Storage:PageSize", storage.PageSize, 64L << 10, 1L << 30);
        PowerOfTwo("Storage:MemorySize", storage.MemorySize, StorageOptions.MinPagesInMemory * storage.PageSize, 1L << 40);
        PowerOfTwo("Storage:SegmentSize", storage.SegmentSize, storage.PageSize, 1L << 40);
        Range("Storage:MemoryBudget", storage.MemoryBudget ?? StorageOptions.MinMemoryBudget, StorageOptions.MinMemoryBudget, 16L << 40);
        // What is left for entries is to be worth having.
        if (storage.MemoryBudget is { } budget
            && storage.EntryMemoryOf(budget) is < StorageOptions.MinEntryMemory and var entries)
        {
            Add(
                "Storage:MemoryBudget",
                $"is {budget}, of which HotResponseShare and MemorySize leave {entries} for entries",
                $"what leaves at least {StorageOptions.MinEntryMemory}");
        }

        Range("Storage:DiskBudget", storage.DiskBudget ?? 1L << 50, StorageOptions.MinSegments * storage.SegmentSize, 1L << 50);
        Range("Storage:HotResponseShare", storage.HotResponseShare, 0, 0.9);
        Range("Storage:LiveRatio", storage.LiveRatio, 0.1, 0.9);
        Range("Storage:CompactionRate", storage.CompactionRate, 1L << 20, 1L << 40);
        Range("Storage:SnapshotInterval", storage.SnapshotInterval, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        Range("Storage:ShutdownTimeout", storage.ShutdownTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
    }

    private void Index(IndexMaintenanceOptions index)
    {
        Range("Index:Threads", index.Threads, 1, 1024);
        Range("Index:MaxBacklog", index.MaxBacklog, 64, 10_000_000);
        (TimeSpan shortest, TimeSpan longest) = (TimeSpan.FromMilliseconds(10), TimeSpan.FromHours(1));
        if (index.ProbeInterval != TimeSpan.Zero && (index.ProbeInterval < shortest || index.ProbeInterval > longest))
        {
            Add(
                "Index:ProbeInterval",
                $"is {Show(index.ProbeInterval)}",
                $"{Show(shortest)} to {Show(longest)}, or {Show(TimeSpan.Zero)} for never");
        }
    }

    private void Limits(LimitsOptions limits)
    {
        Range("Limits:MaxPromptBytes", limits.MaxPromptBytes, 1, 64 << 20);
        Range("Limits:MaxMessages", limits.MaxMessages, 1, 100_000);
        Range("Limits:MaxResponseBytes", limits.MaxResponseBytes, 1, 256 << 20);
        Range("Limits:MaxScopeAttributes", limits.MaxScopeAttributes, 0, 10_000);
        Range("Limits:MaxScopeBytes", limits.MaxScopeBytes, 0, 64 << 20);
        Range("Limits:MaxTags", limits.MaxTags, 0, 10_000);
        Range("Limits:MaxTagBytes", limits.MaxTagBytes, 1, 65_536);
        Range("Limits:MaxNamespaces", limits.MaxNamespaces, 1, 1_000_000);
        Range("Limits:MaxPartitions", limits.MaxPartitions, 1, 100_000_000);
        Range("Limits:MaxConcurrentLookups", limits.MaxConcurrentLookups, 1, 1_000_000);
        Range("Limits:MaxConcurrentSearches", limits.MaxConcurrentSearches ?? 1, 1, 100_000);
        Range("Limits:SearchWait", limits.SearchWait, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1));
        Range("Limits:MaxConcurrentStores", limits.MaxConcurrentStores, 1, 1_000_000);
        Range("Limits:MaxCandidates", limits.MaxCandidates, 0, 1000);
        Range("Limits:MaxInvalidateIds", limits.MaxInvalidateIds, 1, 1_000_000);
        Range("Limits:MaxConcurrentStreams", limits.MaxConcurrentStreams, 1, 100_000);
        Range("Limits:MaxStreamConcurrency", limits.MaxStreamConcurrency, 1, 10_000);
        Range("Limits:MaxPendingDecisions", limits.MaxPendingDecisions, 3, 10_000_000);
        Range("Limits:MaxRecentMatches", limits.MaxRecentMatches, 0, 10_000_000);
    }

    // An entry larger than a page cannot be appended, so that must be known before the first one arrives.
    private void LargestRecord(SemCacheOptions options)
    {
        long largest = Core.Storage.RecordCodec.LargestRecordBytes(options.Limits);
        if (largest > options.Storage.PageSize)
        {
            Add(
                "Storage:PageSize",
                $"is {options.Storage.PageSize} bytes, but Limits:MaxPromptBytes, MaxResponseBytes, MaxScopeBytes and "
                + $"MaxTags × MaxTagBytes allow a record of {largest} bytes",
                $"at least {largest}");
        }
    }

    private void Namespace(string key, NamespaceOptions own, NamespaceOptions defaults)
    {
        NamespaceSettings settings = NamespaceSettings.Resolve(own, defaults, _guards, _model);
        foreach (string unknown in own.Guards.Keys.Except(_guards.Names, StringComparer.OrdinalIgnoreCase))
        {
            Add($"{key}:Guards:{unknown}", "is no guard", _guards.Described);
        }

        Range($"{key}:MaxErrorRate", settings.MaxErrorRate, 0, 1);
        Range($"{key}:Threshold", settings.Threshold, -1, 1);
        Range($"{key}:MinThreshold", settings.MinThreshold, -1, 1);
        // What an unset threshold comes to is for the model to say.
        Range($"{key}:MaxThreshold", settings.MaxThreshold, _model is null ? -1 : settings.MinThreshold, 1);
        Range($"{key}:MaxTtl", settings.MaxTtl, TimeSpan.FromTicks(1), NamespaceSettings.LongestTtl);
        Range($"{key}:Ttl", settings.Ttl, TimeSpan.FromTicks(1), settings.MaxTtl);
        Range($"{key}:MemoryBudget", settings.MemoryBudget, 1 << 20, long.MaxValue);
        Range($"{key}:DiskBudget", settings.DiskBudget, 1 << 20, long.MaxValue);
        OneOf($"{key}:Eviction", settings.Eviction);
        OneOf($"{key}:Saving", settings.Saving);
        Range($"{key}:Index:M", settings.Index.M, 4, IndexSettings.MaxM);
        Range($"{key}:Index:EfConstruction", settings.Index.EfConstruction, 16, 2000);
        Range($"{key}:Index:EfSearch", settings.Index.EfSearch, 8, IndexSettings.MaxEfSearch);
        Range($"{key}:Index:FlatEntries", settings.Index.FlatEntries, 64, 10_000_000);
    }

    private void NotEmpty(string key, string? value)
    {
        if (string.IsNullOrWhiteSpace(value))
        {
            Add(key, "is empty", "the path of a folder");
        }
    }

    private void OneOf<T>(string key, T value)
        where T : struct, Enum
    {
        if (!Enum.IsDefined(value))
        {
            Add(key, $"is {value}", string.Join(", ", Enum.GetNames<T>()));
        }
    }

    private void PowerOfTwo(string key, long value, long min, long max)
    {
        if (value < min || value > max || !BitOperations.IsPow2(value))
        {
            Add(key, $"is {value}", $"a power of two from {min} to {max}");
        }
    }

    private void Range<T>(string key, T value, T min, T max)
        where T : IComparable<T>, IFormattable
    {
        // NaN is below every number for CompareTo, and thereby out of range.
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
        {
            Add(key, $"is {Show(value)}", $"{Show(min)} to {Show(max)}");
        }
    }

    private void Add(string key, string problem, string allowed) =>
        _mistakes.Add($"{SemCacheOptions.SectionName}:{key} {problem} (allowed: {allowed})");

    // "30" is thirty days, and whoever wrote it may have meant seconds.
    private static string Show<T>(T value)
        where T : IFormattable => value is TimeSpan { Days: not 0 } time
            ? string.Create(CultureInfo.InvariantCulture, $"{time} ({time.TotalDays:0.##} {(time.TotalDays == 1 ? "day" : "days")})")
            : value.ToString(null, CultureInfo.InvariantCulture);
}
