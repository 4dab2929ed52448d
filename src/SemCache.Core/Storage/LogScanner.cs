using System.Buffers.Binary;

namespace SemCache.Core.Storage;

/// <summary>What a scan of the log's files found.</summary>
/// <param name="Records">Whole records.</param>
/// <param name="DamagedRanges">Stretches between whole records that are none; skipped.</param>
/// <param name="DamagedBytes">Bytes in these stretches.</param>
/// <param name="Tail">Address behind the last whole record, or behind the last page that cannot be read.</param>
/// <param name="BytesBehindTail">Bytes behind the tail up to the last that is not zero: a torn write.</param>
internal readonly record struct ScanReport(
    long Records, int DamagedRanges, long DamagedBytes, long Tail, long BytesBehindTail);

/// <summary>
/// Reads every whole record straight from the log's files, page by page. The log describes itself: its tail is the
/// end of the last whole record, whatever stands behind it was never acknowledged or is beyond saving.
/// </summary>
/// <remarks>
/// Layout of FasterLog without its own checksum: an entry is a 4-byte length and the payload, padded to 4 bytes; it
/// never crosses a page; the rest of a page is zero; the first page begins at address 64.
/// <para>
/// Behind a record whose checksum is wrong, the next whole record of the page is searched for, from the very next place on:
/// its length may be damaged, and a wrong length would lead past records that are whole. Only records that carry the log's
/// secret in their checksum can be found that way. What stands there was chosen by whoever stored it, so bytes are hashed only
/// where their structure is that of a record (<see cref="RecordCodec.CanBe"/>).
/// </para>
/// </remarks>
internal sealed class LogScanner(SegmentFiles files, long pageSize, RecordCodec codec)
{
    /// <summary>Bytes of the length in front of every record.</summary>
    public const int HeaderBytes = sizeof(int);

    /// <summary>Address of the first record of a log.</summary>
    public const long FirstAddress = 64;

    private readonly PageReader _reader = new(files);
    private byte[]? _page;
    private long _records;
    private int _damagedRanges;
    private long _damagedBytes;
    private long _tail;
    private long _damageStart = -1;
    private long _lastNonZero;

    /// <summary>Receives the begin and the end of each stretch between whole records that is none.</summary>
    public Action<long, long>? OnDamage { get; init; }

    /// <summary>
    /// Receives the address, the bytes and the reason of what cannot be read, which is taken for damaged then; null when that
    /// ends the scan.
    /// </summary>
    public Action<long, int, IOException>? OnUnreadable { get; init; }

    /// <summary>Bytes that were held against a checksum: what a scan costs beside the reading.</summary>
    public long HashedBytes { get; private set; }

    /// <summary>Bytes that an entry of this payload takes in the log.</summary>
    public static int AlignedLength(int payload) => HeaderBytes + ((payload + 3) & ~3);

    /// <summary>Scans the log, or a part of it.</summary>
    /// <param name="from">Address of a record's beginning, or of a page's.</param>
    /// <param name="until">Address where to stop, at the end of its page.</param>
    /// <param name="onRecord">Receives each whole record; its memory is only valid during the call.</param>
    /// <param name="onProgress">Receives the bytes read and the bytes in total, once a page.</param>
    /// <param name="cancellationToken">Ends the scan.</param>
    /// <exception cref="IOException">A file cannot be opened, or read with nobody to be told.</exception>
    public ScanReport Scan(
        long from,
        long until,
        Action<ReadOnlyMemory<byte>, LogLocation> onRecord,
        Action<long, long> onProgress,
        CancellationToken cancellationToken)
    {
        byte[] page = _page ??= GC.AllocateUninitializedArray<byte>(checked((int)pageSize));
        (long Address, long Length)[] segments =
        [
            .. files.Numbers()
                .Select(number => (Address: number * files.SegmentSize, Length: files.Length(number)))
                .Where(segment => segment.Address + segment.Length > from && segment.Address < until),
        ];
        long total = segments.Sum(segment => segment.Length - FirstPage(from, segment.Address));
        long done = 0;
        _tail = Math.Max(from, FirstAddress);
        _lastNonZero = _tail;
        foreach ((long start, long length) in segments)
        {
            // A file that cannot be opened at all is no damage: whoever runs this can change that.
            files.Read(start, []);
            for (long offset = FirstPage(from, start); offset < length && start + offset < until; offset += pageSize)
            {
                cancellationToken.ThrowIfCancellationRequested();
                long unreadable = _reader.Read(start + offset, page, OnUnreadable);
                ScanPage(page, start + offset, (int)Math.Max(0, from - start - offset), onRecord, cancellationToken);
                if (unreadable > _tail || (unreadable > 0 && _damageStart >= 0))
                {
                    KeepPage(Math.Max(from, start + offset), start + offset + pageSize);
                }

                done += pageSize;
                onProgress(Math.Min(done, total), total);
            }
        }

        return new ScanReport(_records, _damagedRanges, _damagedBytes, _tail, Math.Max(0, _lastNonZero - _tail));
    }

    // Offset in a segment of the page that a scan begins with.
    private long FirstPage(long from, long segment) => Math.Max(0, from - segment) / pageSize * pageSize;

    private void ScanPage(
        byte[] page,
        long pageAddress,
        int offset,
        Action<ReadOnlyMemory<byte>, LogLocation> onRecord,
        CancellationToken cancellationToken)
    {
        int last = page.AsSpan().LastIndexOfAnyExcept((byte)0);
        offset = pageAddress == 0 ? Math.Max(offset, (int)FirstAddress) : offset;
        if (last >= offset)
        {
            _lastNonZero = pageAddress + last + 1;
        }

        while (offset <= last)
        {
            if (TryRecord(page, offset, out int length))
            {
                EndDamage(pageAddress + offset);
                onRecord(page.AsMemory(offset + HeaderBytes, length), new LogLocation(pageAddress + offset, length));
                offset += AlignedLength(length);
                _records++;
                _tail = pageAddress + offset;
            }
            else
            {
                BeginDamage(pageAddress + offset);
                offset = FindRecord(page, offset + sizeof(int), last, cancellationToken);
            }
        }
    }

    private int FindRecord(byte[] page, int offset, int last, CancellationToken cancellationToken)
    {
        for (; offset <= last; offset += sizeof(int))
        {
            if (TryLength(page, offset, out int length) && RecordCodec.CanBe(page.AsSpan(offset + HeaderBytes, length)))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (TryRecord(page, offset, out _))
                {
                    break;
                }
            }
        }

        return offset;
    }

    private bool TryRecord(byte[] page, int offset, out int length)
    {
        if (!TryLength(page, offset, out length))
        {
            return false;
        }

        HashedBytes += length;
        return codec.IsValid(page.AsSpan(offset + HeaderBytes, length));
    }

    private static bool TryLength(byte[] page, int offset, out int length)
    {
        length = 0;
        if (offset + HeaderBytes > page.Length)
        {
            return false;
        }

        length = BinaryPrimitives.ReadInt32LittleEndian(page.AsSpan(offset));
        return length > 0 && length <= page.Length - offset - HeaderBytes;
    }

    // What cannot be read may be whole: it is damage with something behind it, never a torn tail.
    private void KeepPage(long begin, long end)
    {
        BeginDamage(Math.Max(begin, _tail));
        EndDamage(end);
        _tail = end;
    }

    private void BeginDamage(long address)
    {
        if (_damageStart < 0)
        {
            _damageStart = address;
        }
    }

    // Damage counts only when a whole record follows; what follows none is the torn tail.
    private void EndDamage(long address)
    {
        if (_damageStart >= 0)
        {
            _damagedRanges++;
            _damagedBytes += address - _damageStart;
            OnDamage?.Invoke(_damageStart, address);
            _damageStart = -1;
        }
    }
}
