using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;
using SemCache.Core.Eviction;
using SemCache.Core.Partitions;
using SemCache.Core.Requests;
using SemCache.Core.Storage;

namespace SemCache.Core;

/// <content>Keeping the budgets of memory and disk.</content>
public sealed partial class SemanticCache
{
    // Of what there is when nobody says how much may be used.
    private const double DefaultMemoryShare = 0.5;
    private const double DefaultDiskShare = 0.8;

    private Budgets? _budgets;

    /// <summary>Bytes of memory and disk that are used, and may be.</summary>
    public BudgetStats BudgetStats => _engine is { } engine && _budgets is { } budgets
        ? new BudgetStats(budgets.MemoryUsed, budgets.Memory, engine.Log.Usage.LiveBytes, budgets.Disk)
        : default;

    // A default is held to the same rules as what is configured; segments are as large as when the log was created.
    private static void RequireBudgets(StorageOptions options, EntryLog log)
    {
        if (options.EntryMemoryOf(MemoryOf(options)) is < StorageOptions.MinEntryMemory and var entries)
        {
            throw new CacheStartupException(
                $"SemCache:Storage:MemoryBudget is not set, and of its default, {MemoryOf(options)}, "
                + $"SemCache:Storage:HotResponseShare and MemorySize leave {entries} bytes for entries "
                + $"(allowed: at least {StorageOptions.MinEntryMemory}).");
        }

        long leastDisk = StorageOptions.MinSegments * log.SegmentSize;
        if (options.DiskBudget < leastDisk)
        {
            throw new CacheStartupException(
                $"SemCache:Storage:DiskBudget is {options.DiskBudget}, but the log in {log.Folder} was created with segments of "
                + $"{log.SegmentSize} bytes (allowed: at least {leastDisk}).");
        }
    }

    private static long MemoryOf(StorageOptions options) => options.MemoryBudget ?? Math.Max(
        (long)(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes * DefaultMemoryShare), StorageOptions.MinMemoryBudget);

    private static long DiskOf(StorageOptions options, EntryLog log) => options.DiskBudget ?? Math.Max(
        (long)((FolderSize.Of(log.Folder) + FreeSpace.On(log.Folder)) * DefaultDiskShare),
        StorageOptions.MinSegments * log.SegmentSize);

    private Budgets StartBudgets(Engine engine)
    {
        StorageOptions storage = _options.Value.Storage;
        _budgets = new Budgets(
            storage, engine.Registry.Holdings, engine.Log.Usage, MemoryOf(storage), DiskOf(storage, engine.Log));
        Log.BudgetsInForce(_logger, _budgets.Memory, _budgets.HotResponses, _budgets.Disk);
        engine.Registry.Holdings.HotResponses.SetBudget(_budgets.HotResponses);
        _evictor = new Evictor(
            engine.Log, engine.Registry, _budgets, _metrics, _time, _loggers.CreateLogger<Evictor>());
        _evictor.Start();
        _evictor.Wake();
        _options.Changed += AdaptBudgets;
        return _budgets;
    }

    private void AdaptBudgets() => _evictor?.Wake();

    private async ValueTask WaitForBudgetsAsync(CacheNamespace? ns, CancellationToken cancellationToken)
    {
        if (_evictor is not { } evictor || !evictor.MustWait(ns))
        {
            return;
        }

        using ConcurrencyLimit.Admittance place = _waitingStores.Enter();
        int most = Math.Max(1, _limits.MaxConcurrentStores / LargestShareWaiting);
        await evictor.WaitForRoomAsync(ns, most, cancellationToken).ConfigureAwait(false);
    }

    // An entry that is more than a whole budget would be evicted at once, and all others with it.
    private void RequireRoom(
        Engine engine, PartitionIdentity identity, Partition? partition, int recordBytes, bool hasVector)
    {
        long vector = partition?.Index.BytesPerEntry ?? engine.Embedder.Dimension;
        long memory = Footprint.Namespace + Footprint.Of(identity) + Footprint.Entry + (hasVector ? vector : 0);
        NamespaceSettings settings = engine.Registry.SettingsOf(identity.Namespace);
        if (_budgets?.FindTooSmall(identity.Namespace, settings, memory, recordBytes) is { } budget)
        {
            _metrics.Refused(budget.Resource == EvictionReason.Memory ? "memory" : "disk");
            throw new LimitReachedException(
                $"namespace: the entry does not fit into {budget.Option} even if it were alone, {budget.Allowed} bytes are for "
                + "entries",
                null);
        }
    }

    private void ObserveBudgets(Engine engine, Budgets budgets)
    {
        _metrics.Observe("semcache.memory.used", "By", "Memory that is used of the budget", () => budgets.MemoryUsed);
        _metrics.Observe("semcache.memory.budget", "By", "Memory that may be used", () => budgets.Memory);
        _metrics.Observe(
            "semcache.memory.allocated",
            "By",
            "Memory that is used, and what is held for entries to come",
            () => budgets.MemoryUsed
                + engine.Registry.Partitions.Sum(partition => partition.Index.Bytes - partition.Index.UsedBytes));
        _metrics.Observe(
            "semcache.memory.hot_responses",
            "By",
            "Memory of responses that were served lately",
            () => engine.Registry.Holdings.HotResponses.Bytes);
        _metrics.Observe("semcache.disk.budget", "By", "Disk that may be used", () => budgets.Disk);
        _metrics.Observe(
            "semcache.disk.snapshots",
            "By",
            "Disk of snapshots, with room for the next one",
            () => budgets.SnapshotBytes);
    }
}

/// <summary>What is used of the server's budgets, in bytes; all zero before the start.</summary>
/// <param name="Memory">Memory of entries, of responses at hand, and of the log's write buffer.</param>
/// <param name="MemoryBudget">Memory that may be used.</param>
/// <param name="LiveDisk">Bytes that live entries take in the log.</param>
/// <param name="DiskBudget">Bytes that the folder may take.</param>
public readonly record struct BudgetStats(long Memory, long MemoryBudget, long LiveDisk, long DiskBudget);
