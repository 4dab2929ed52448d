namespace SemCache.Core.Storage;

/// <content>Segments: which there are, what is live in them, letting go of the oldest.</content>
internal sealed partial class EntryLog
{
    /// <summary>Live bytes by segment.</summary>
    public SegmentUsage Usage { get; }

    /// <summary>Bytes of a segment.</summary>
    public long SegmentSize => _manifest.SegmentSize;

    /// <summary>Bytes of a page; no record crosses one.</summary>
    public long PageSize => _manifest.PageSize;

    /// <summary>The oldest segment.</summary>
    public long FirstSegment => BeginAddress / _manifest.SegmentSize;

    /// <summary>The segment that the next record goes to.</summary>
    public long TailSegment => _log!.TailAddress / _manifest.SegmentSize;

    /// <summary>What was written since the log was opened.</summary>
    /// <param name="copied">Bytes of the records that compaction wrote.</param>
    public LogWritten Written(long copied) => new(_log!.TailAddress, Interlocked.Read(ref _appendedBytes), copied);

    /// <summary>Called when a record was appended that ends in another segment than the one before; must be quick.</summary>
    public Action? OnSegmentFilled { get; set; }

    /// <summary>Whether compaction waits for records to die, so that nobody must wait for it. Set by compaction alone.</summary>
    public bool IsCompactionResting
    {
        get => Volatile.Read(ref field);
        set => Volatile.Write(ref field, value);
    }

    /// <summary>The segment that a record stands in.</summary>
    public long SegmentOf(LogLocation location) => location.Address / _manifest.SegmentSize;

    /// <summary>Reads records of pages that are on the device.</summary>
    public LogScanner NewScanner() => new(_files, _manifest.PageSize, Codec);

    /// <summary>Reads a record and checks it, without telling anybody when it is damaged.</summary>
    /// <returns>The record; null when it is damaged, or its segment's file is gone.</returns>
    /// <exception cref="IOException">It cannot be read at the moment.</exception>
    public byte[]? ReadOrThrow(LogLocation location) =>
        Read(location, out IOException? failure)
        ?? (failure is null or FileNotFoundException ? null : throw failure);

    /// <summary>
    /// Lets go of the segments in front of an address, once and for all. One caller at a time.
    /// </summary>
    /// <param name="address">
    /// Beginning of a segment. Everything that is live in front of it stands behind it too, on the device.
    /// </param>
    /// <exception cref="IOException">The begin could not be written, or a segment not be deleted.</exception>
    public void TruncateBefore(long address)
    {
        lock (_truncation)
        {
            _begin.Write(address);
            Volatile.Write(ref _beginAddress, address);
            // FasterLog's device holds the files open, so it deletes them.
            _device!.TruncateUntilAddress(address);
            _files.DeleteBefore(address);
            DirectoryEntries.Flush(Folder);
        }
    }
}
