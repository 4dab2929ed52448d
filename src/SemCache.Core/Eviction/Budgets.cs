using SemCache.Core.Configuration;
using SemCache.Core.Partitions;
using SemCache.Core.Storage;

namespace SemCache.Core.Eviction;

/// <summary>What of a budget is used.</summary>
/// <param name="Resource">What the budget is of.</param>
/// <param name="Owner">The namespace whose budget it is; null for the server's.</param>
/// <param name="Used">Bytes that entries take.</param>
/// <param name="Allowed">Bytes that they may take.</param>
internal readonly record struct BudgetUse(EvictionReason Resource, CacheNamespace? Owner, long Used, long Allowed)
{
    /// <summary>The option that sets the budget.</summary>
    public string Option =>
        $"{SemCacheOptions.SectionName}:{(Owner is null ? "Storage" : "Namespaces:" + Owner.Name)}:{Resource}Budget";

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

/// <summary>The budgets of the server and of its namespaces, as configured at the moment, and what of them is used.</summary>
/// <param name="options">The options in force.</param>
/// <param name="holdings">What all namespaces hold.</param>
/// <param name="usage">What of the log is live.</param>
/// <param name="defaultMemory">Bytes of memory for the server where the options name none.</param>
/// <param name="defaultDisk">Bytes of disk for the server where the options name none.</param>
internal sealed class Budgets(CurrentOptions options, Holdings holdings, SegmentUsage usage, long defaultMemory, long defaultDisk)
{
    private long _snapshotBytes;

    /// <summary>Bytes that snapshots take beside the log. The evictor says so now and then.</summary>
    public long SnapshotBytes
    {
        get => Volatile.Read(ref _snapshotBytes);
        set => Volatile.Write(ref _snapshotBytes, value);
    }

    /// <summary>Bytes of memory that the server may use, without model and runtime.</summary>
    public long Memory => Storage.MemoryBudget ?? defaultMemory;

    /// <summary>Of <see cref="Memory"/>, bytes for responses that were served lately.</summary>
    public long HotResponses => (long)(Memory * Storage.HotResponseShare);

    /// <summary>Bytes that the folder may take.</summary>
    public long Disk => Storage.DiskBudget ?? defaultDisk;

    /// <summary>Of <see cref="Disk"/>, bytes that the log may take: what snapshots leave.</summary>
    public long LogDisk => Math.Max(0, Disk - SnapshotBytes);

    /// <summary>Bytes of memory that are used: entries, hot responses, and the log's write buffer.</summary>
    public long MemoryUsed => holdings.Memory.Bytes + holdings.HotResponses.Bytes + Storage.MemorySize;

    /// <summary>What entries use of the server's memory.</summary>
    public BudgetUse ServerMemory => new(
        EvictionReason.Memory,
        null,
        holdings.Memory.Bytes,
        Math.Max(0, Memory - HotResponses - Storage.MemorySize));

    /// <summary>What live records use of the server's disk: the rest is for what compaction has not let go of yet.</summary>
    public BudgetUse ServerDisk => new(
        EvictionReason.Disk,
        null,
        usage.LiveBytes,
        (long)(LogDisk * Storage.LiveRatio));

    /// <summary>Budgets of the server that no option names, as configuration keys below <c>SemCache</c> with their bytes.</summary>
    public IReadOnlyDictionary<string, long> Automatic
    {
        get
        {
            var automatic = new Dictionary<string, long>();
            if (Storage.MemoryBudget is null)
            {
                automatic["Storage:MemoryBudget"] = Memory;
            }

            if (Storage.DiskBudget is null)
            {
                automatic["Storage:DiskBudget"] = Disk;
            }

            return automatic;
        }
    }

    private StorageOptions Storage => options.Value.Storage;

    /// <summary>What a namespace uses of its own memory.</summary>
    public static BudgetUse MemoryOf(CacheNamespace ns) =>
        new(EvictionReason.Memory, ns, ns.Memory.Bytes, ns.Settings.MemoryBudget);

    /// <summary>What a namespace uses of its own disk.</summary>
    public static BudgetUse DiskOf(CacheNamespace ns) =>
        new(EvictionReason.Disk, ns, ns.Disk.Bytes, ns.Settings.DiskBudget);

    /// <summary>The first budget that an entry of a namespace counts for and that is exceeded; null when none is.</summary>
    /// <param name="ns">The namespace.</param>
    /// <param name="slack">By more than this share of the budget.</param>
    public BudgetUse? FindExceeded(CacheNamespace ns, double slack)
    {
        foreach (BudgetUse use in (ReadOnlySpan<BudgetUse>)[ServerMemory, ServerDisk, MemoryOf(ns), DiskOf(ns)])
        {
            if (use.IsExceeded(slack))
            {
                return use;
            }
        }

        return null;
    }

    /// <summary>The first budget that an entry would not fit into if it were alone; null when it fits into all.</summary>
    /// <param name="ns">Its namespace.</param>
    /// <param name="memory">Bytes of memory that it takes.</param>
    /// <param name="disk">Bytes that its record takes.</param>
    public BudgetUse? FindTooSmall(CacheNamespace ns, long memory, long disk)
    {
        foreach (BudgetUse use in (ReadOnlySpan<BudgetUse>)[ServerMemory, ServerDisk, MemoryOf(ns), DiskOf(ns)])
        {
            if ((use.Resource == EvictionReason.Memory ? memory : disk) > use.Allowed)
            {
                return use;
            }
        }

        return null;
    }
}
