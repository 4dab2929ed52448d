using SemCache.Core.Partitions;
using SemCache.Core.Storage;

namespace SemCache.Core.Eviction;

/// <summary>What of a budget is used.</summary>
/// <param name="Resource">What the budget is of.</param>
/// <param name="Owner">The namespace whose budget it is; null for the server's.</param>
/// <param name="Used">Bytes that entries take.</param>
/// <param name="Allowed">Bytes that they may take.</param>
internal readonly record struct BudgetUse(EvictionReason Resource, string? Owner, long Used, long Allowed)
{
    /// <summary>The option that sets the budget.</summary>
    public string Option =>
        $"{SemCacheOptions.SectionName}:{(Owner is null ? "Storage" : "Namespaces:" + Owner)}:{Resource}Budget";

    /// <summary>Whether the budget is exceeded by more than a share of it.</summary>
    public bool IsExceeded(double slack) => Used > Allowed * (1 + slack);
}

/// <summary>What entries were evicted for.</summary>
internal enum EvictionReason
{
    /// <summary>A budget of memory.</summary>
    Memory,

    /// <summary>A budget of disk.</summary>
    Disk,
}

/// <summary>
/// The budgets of the server, as they were at the start, and of its namespaces, as configured at the moment, and what of them
/// is used.
/// </summary>
/// <param name="storage">The options that the log was opened with.</param>
/// <param name="holdings">What all namespaces hold.</param>
/// <param name="usage">What of the log is live.</param>
/// <param name="memory">Bytes of memory that the server may use, without model and runtime.</param>
/// <param name="disk">Bytes that the folder may take.</param>
internal sealed class Budgets(StorageOptions storage, Holdings holdings, SegmentUsage usage, long memory, long disk)
{
    // Of the disk, what is the log's however much snapshots take: one part in so many.
    private const int LeastLogShare = 4;

    private long _snapshotBytes;

    /// <summary>
    /// Bytes that snapshots take beside the log, with one more that is being written. The evictor says so now and then.
    /// </summary>
    public long SnapshotBytes
    {
        get => Volatile.Read(ref _snapshotBytes);
        set => Volatile.Write(ref _snapshotBytes, value);
    }

    /// <summary>Bytes of memory that the server may use, without model and runtime.</summary>
    public long Memory => memory;

    /// <summary>Of <see cref="Memory"/>, bytes for responses that were served lately.</summary>
    public long HotResponses { get; } = (long)(memory * storage.HotResponseShare);

    /// <summary>Bytes that the folder may take.</summary>
    public long Disk => disk;

    /// <summary>Of <see cref="Disk"/>, bytes that the log may take: what snapshots leave, a quarter at the least.</summary>
    public long LogDisk => Math.Max(disk / LeastLogShare, disk - SnapshotBytes);

    /// <summary>Whether snapshots take so much that the log gets more than they leave.</summary>
    public bool IsCrowded => disk - SnapshotBytes < disk / LeastLogShare;

    /// <summary>Bytes of memory that are used: entries, hot responses, and the log's write buffer.</summary>
    public long MemoryUsed => holdings.Memory.Bytes + holdings.HotResponses.Bytes + storage.MemorySize;

    /// <summary>What entries use of the server's memory.</summary>
    public BudgetUse ServerMemory => new(
        EvictionReason.Memory, null, holdings.Memory.Bytes, storage.EntryMemoryOf(memory));

    /// <summary>What live records use of the server's disk: the rest is for what compaction has not let go of yet.</summary>
    public BudgetUse ServerDisk => new(EvictionReason.Disk, null, usage.LiveBytes, (long)(LogDisk * storage.LiveRatio));

    /// <summary>Budgets of the server that no option names, as configuration keys below <c>SemCache</c> with their bytes.</summary>
    public IReadOnlyDictionary<string, long> Automatic
    {
        get
        {
            var automatic = new Dictionary<string, long>();
            if (storage.MemoryBudget is null)
            {
                automatic["Storage:MemoryBudget"] = Memory;
            }

            if (storage.DiskBudget is null)
            {
                automatic["Storage:DiskBudget"] = Disk;
            }

            return automatic;
        }
    }

    /// <summary>What a namespace uses of its own memory.</summary>
    public static BudgetUse MemoryOf(CacheNamespace ns) =>
        new(EvictionReason.Memory, ns.Name, ns.Memory.Bytes, ns.Settings.MemoryBudget);

    /// <summary>What a namespace uses of its own disk.</summary>
    public static BudgetUse DiskOf(CacheNamespace ns) =>
        new(EvictionReason.Disk, ns.Name, ns.Disk.Bytes, ns.Settings.DiskBudget);

    /// <summary>The first budget that an entry of a namespace counts for and that is exceeded; null when none is.</summary>
    /// <param name="ns">The namespace; null for one that does not exist yet.</param>
    /// <param name="slack">By more than this share of the budget.</param>
    public BudgetUse? FindExceeded(CacheNamespace? ns, double slack) =>
        ServerMemory is { } memoryUse && memoryUse.IsExceeded(slack) ? memoryUse
        : ServerDisk is { } diskUse && diskUse.IsExceeded(slack) ? diskUse
        : ns is null ? null
        : MemoryOf(ns) is { } ownMemory && ownMemory.IsExceeded(slack) ? ownMemory
        : DiskOf(ns) is { } ownDisk && ownDisk.IsExceeded(slack) ? ownDisk
        : null;

    /// <summary>The first budget that an entry would not fit into if it were alone; null when it fits into all.</summary>
    /// <param name="name">Its namespace, whether or not that exists.</param>
    /// <param name="settings">The namespace's options.</param>
    /// <param name="memoryBytes">Bytes of memory that it takes.</param>
    /// <param name="diskBytes">Bytes that its record takes.</param>
    public BudgetUse? FindTooSmall(string name, NamespaceSettings settings, long memoryBytes, long diskBytes)
    {
        foreach (BudgetUse use in (ReadOnlySpan<BudgetUse>)
            [
                ServerMemory with { Used = memoryBytes },
                ServerDisk with { Used = diskBytes },
                new(EvictionReason.Memory, name, memoryBytes, settings.MemoryBudget),
                new(EvictionReason.Disk, name, diskBytes, settings.DiskBudget),
            ])
        {
            if (use.IsExceeded(0))
            {
                return use;
            }
        }

        return null;
    }
}
