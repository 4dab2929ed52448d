using System.Globalization;
using System.Numerics.Tensors;
using SemCache.Core.Partitions;
using SemCache.Core.Prompts;

namespace SemCache.Core.Storage.Checking;

/// <summary>
/// Follows the records of a log as a start does, without what is in them: which entries there are at its end, and where
/// they stand. Reports every record that cannot have been written by a sound server.
/// </summary>
/// <remarks>Keeps about 200 bytes an entry.</remarks>
internal sealed class EntryBook(long segmentSize, Findings findings) : IRecordSink
{
    private const float LargestNormError = 0.01f;

    private readonly Dictionary<UInt128, CheckedPartition> _partitions = [];
    private readonly Dictionary<Guid, CheckedEntry> _entries = [];
    private readonly Dictionary<UInt128, int> _dimensions = [];
    private ReadOnlyMemory<byte> _record;
    private LogLocation _location;

    /// <summary>All partitions that a record mentions.</summary>
    public IEnumerable<CheckedPartition> Partitions => _partitions.Values;

    /// <summary>All entries that nothing replaced or removed; also expired, unsound and nameless ones.</summary>
    public IEnumerable<CheckedEntry> Entries => _entries.Values;

    /// <summary>Components of an embedder's vectors, by fingerprint; 0 when it has made none.</summary>
    public IReadOnlyDictionary<UInt128, int> Dimensions => _dimensions;

    /// <summary>The partition of a digest; null when no record mentions it.</summary>
    public CheckedPartition? Find(UInt128 digest) => _partitions.GetValueOrDefault(digest);

    /// <summary>The entry of an id; null when there is none, or something replaced or removed it.</summary>
    public CheckedEntry? Find(Guid entryId) => _entries.GetValueOrDefault(entryId);

    /// <summary>Reads one valid record.</summary>
    public void Take(ReadOnlyMemory<byte> record, LogLocation location)
    {
        _record = record;
        _location = location;
        try
        {
            RecordCodec.Decode(record, location, this);
        }
        catch (Exception exception) when (
            exception is InvalidDataException or ArgumentException or OverflowException or IndexOutOfRangeException)
        {
            Problem($"the record's checksum is right, but it cannot be read: {exception.Message}");
        }
    }

    public void Partition(UInt128 digest, PartitionIdentity identity, LogLocation location)
    {
        CheckedPartition partition = PartitionOf(digest);
        partition.Identity ??= identity;
        if (identity.Digest() != digest || partition.Identity != identity)
        {
            Problem($"partition {Hex(digest)} is not the digest of what the record says it is");
        }
    }

    public void Put(
        in PutHeader header,
        UInt128 fingerprint,
        ReadOnlySpan<float> vector,
        string[] tags,
        Savings? saved,
        LogLocation location)
    {
        CheckedPartition partition = PartitionOf(header.Partition);
        bool sound = IsPossible(header, partition) & IsPossible(fingerprint, vector);
        if (_entries.TryGetValue(header.EntryId, out CheckedEntry? known)
            && (known.Partition != partition || known.TextHash != header.TextHash
                || known.ExpiresTicks != header.ExpiresAt.UtcTicks))
        {
            Problem($"entry {header.EntryId} is at address {known.Location.Address} already, with another prompt, partition or time");
            Forget(known);
        }

        if (partition.Entries.TryGetValue(header.TextHash, out CheckedEntry? replaced) && replaced != known)
        {
            Forget(replaced);
        }

        // The same entry again: compaction has moved it.
        CheckedEntry entry = _entries.GetValueOrDefault(header.EntryId)
            ?? new CheckedEntry(header.EntryId, header.TextHash, header.ExpiresAt.UtcTicks, partition);
        entry.Location = location;
        entry.Reembedded = default;
        entry.Fingerprint = fingerprint;
        entry.IsSound = sound;
        _entries[entry.Id] = entry;
        partition.Entries[entry.TextHash] = entry;
    }

    public void Remove(UInt128 digest, ReadOnlySpan<Guid> entryIds)
    {
        CheckedPartition partition = PartitionOf(digest);
        foreach (Guid entryId in entryIds)
        {
            if (_entries.TryGetValue(entryId, out CheckedEntry? entry) && entry.Partition == partition)
            {
                Forget(entry);
            }
        }
    }

    public void Reembed(
        UInt128 digest, Guid entryId, UInt128 fingerprint, ReadOnlySpan<float> vector, LogLocation location)
    {
        CheckedPartition partition = PartitionOf(digest);
        if (IsPossible(fingerprint, vector)
            && _entries.TryGetValue(entryId, out CheckedEntry? entry) && entry.Partition == partition)
        {
            entry.Reembedded = location;
            entry.Fingerprint = fingerprint;
        }
    }

    /// <summary>Takes an entry out that something has removed, though no record says so any more.</summary>
    public void Forget(CheckedEntry entry)
    {
        _entries.Remove(entry.Id);
        if (entry.Partition.Entries.GetValueOrDefault(entry.TextHash) == entry)
        {
            entry.Partition.Entries.Remove(entry.TextHash);
        }
    }

    /// <summary>Reports partitions that nothing names.</summary>
    public void ReportNames()
    {
        foreach (CheckedPartition partition in Partitions)
        {
            if (partition is { Identity: null, Entries.Count: > 0 and int lost })
            {
                findings.Problem(
                    SegmentFiles.NameOf(partition.FirstUse / segmentSize),
                    $"nothing names partition {Hex(partition.Digest)}: its {lost} entries are lost",
                    partition.FirstUse);
            }
        }
    }

    /// <summary>A digest as the names of files have it.</summary>
    public static string Hex(UInt128 digest) => digest.ToString("x32", CultureInfo.InvariantCulture);

    private CheckedPartition PartitionOf(UInt128 digest)
    {
        if (!_partitions.TryGetValue(digest, out CheckedPartition? partition))
        {
            _partitions[digest] = partition = new CheckedPartition(digest, _location.Address);
        }

        return partition;
    }

    private bool IsPossible(in PutHeader header, CheckedPartition partition)
    {
        bool timely = header.ExpiresAt > header.CreatedAt && header.CreatedAt > DateTimeOffset.UnixEpoch;
        if (!timely)
        {
            Problem($"entry {header.EntryId} is of {header.CreatedAt:u} and expires at {header.ExpiresAt:u}");
        }

        return timely & HasItsPrompt(header, partition);
    }

    private bool HasItsPrompt(in PutHeader header, CheckedPartition partition)
    {
        try
        {
            var prompt = CanonicalPrompt.Of(RecordCodec.DecodePutContent(_record).Prompt);
            if (prompt.TextHash == header.TextHash
                && (partition.Identity is null || partition.Identity.ContextDigest == prompt.ContextDigest))
            {
                return true;
            }
        }
        catch (InvalidRequestException exception)
        {
            Problem($"entry {header.EntryId} has a prompt that cannot be stored: {exception.Message}");
            return false;
        }

        Problem($"entry {header.EntryId} has another prompt than its hash or its partition says");
        return false;
    }

    private bool IsPossible(UInt128 fingerprint, ReadOnlySpan<float> vector)
    {
        int dimension = _dimensions.GetValueOrDefault(fingerprint);
        _dimensions[fingerprint] = dimension > 0 ? dimension : vector.Length;
        if (vector.IsEmpty)
        {
            return true;
        }

        if (dimension > 0 && vector.Length != dimension)
        {
            Problem($"a vector of {vector.Length} components; others of embedder {Hex(fingerprint)} have {dimension}");
            return false;
        }

        // Also false for what is no number.
        if (Math.Abs(TensorPrimitives.Norm(vector) - 1) <= LargestNormError)
        {
            return true;
        }

        Problem("a vector that is not of unit length");
        return false;
    }

    private void Problem(string text) => findings.Problem(
        SegmentFiles.NameOf(_location.Address / segmentSize), text, _location.Address, _location.Length);
}
