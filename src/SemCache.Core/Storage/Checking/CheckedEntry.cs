using SemCache.Core.Partitions;

namespace SemCache.Core.Storage.Checking;

/// <summary>What a check keeps of an entry while it reads the log.</summary>
internal sealed class CheckedEntry(Guid id, UInt128 textHash, long expiresTicks, CheckedPartition partition)
{
    public Guid Id => id;

    public UInt128 TextHash => textHash;

    public long ExpiresTicks => expiresTicks;

    public CheckedPartition Partition => partition;

    /// <summary>The entry's latest record.</summary>
    public LogLocation Location { get; set; }

    /// <summary>The later record with the entry's vector; the default while its own record has it.</summary>
    public LogLocation Reembedded { get; set; }

    /// <summary>What made the vector that is in force.</summary>
    public UInt128 Fingerprint { get; set; }

    /// <summary>Whether all that its record says is possible.</summary>
    public bool IsSound { get; set; }
}

/// <summary>What a check keeps of a partition.</summary>
internal sealed class CheckedPartition(UInt128 digest, long firstUse)
{
    public UInt128 Digest => digest;

    /// <summary>Address of the first record that names it, in either way.</summary>
    public long FirstUse => firstUse;

    /// <summary>What it is; null until a record says so.</summary>
    public PartitionIdentity? Identity { get; set; }

    /// <summary>Its entries by the hash of their text.</summary>
    public Dictionary<UInt128, CheckedEntry> Entries { get; } = [];
}
