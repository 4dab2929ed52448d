using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace SemCache.Core.Storage;

/// <summary>
/// The files behind the entry log: segment n holds the log's bytes from n × segment size on. Reads by logical address
/// with one positioned read, on the calling thread: what was stored lately is in the system's page cache, and a read
/// from there costs less than handing it to another thread.
/// </summary>
/// <remarks>
/// Safe for any number of concurrent readers. Only recovery, which runs alone, cuts. A reader that meets a deleted segment
/// gets an <see cref="IOException"/>.
/// </remarks>
internal sealed class SegmentFiles(string folder, long segmentSize, SegmentRead? read = null) : IDisposable
{
    /// <summary>What the names of all segments begin with.</summary>
    public const string BaseName = "entries.log";

    private readonly ConcurrentDictionary<long, SafeFileHandle> _handles = new();
    private readonly SegmentRead _read = read ?? RandomAccess.Read;
    private long _first;

    /// <summary>The folder of the files.</summary>
    public string Folder => folder;

    /// <summary>Path of the log without the segment's number.</summary>
    public string BasePath { get; } = Path.Combine(folder, BaseName);

    public long SegmentSize => segmentSize;

    /// <summary>Whether the folder holds any segment.</summary>
    public static bool Exist(string folder) => Directory.EnumerateFiles(folder, BaseName + ".*").Any();

    /// <summary>Numbers of the segments that exist, ascending.</summary>
    public IReadOnlyList<long> Numbers() =>
    [
        .. Directory.EnumerateFiles(folder, BaseName + ".*")
            .Select(path => NumberIn(Path.GetFileName(path)))
            .OfType<long>()
            .Order(),
    ];

    /// <summary>How many segments are not there, of those from <paramref name="address"/> to the last.</summary>
    public long MissingFrom(long address)
    {
        long first = address / segmentSize;
        long[] present = [.. Numbers().Where(number => number >= first)];
        return present is [.., var last] ? last + 1 - first - present.Length : 0;
    }

    /// <summary>Bytes that the segments take on the device's books, all together. Some may be deleted meanwhile.</summary>
    public long TotalBytes() =>
        Numbers().Sum(number => new FileInfo(PathOf(number)) is { Exists: true } file ? file.Length : 0);

    public long Length(long number) => new FileInfo(PathOf(number)).Length;

    /// <summary>Reads from <paramref name="address"/> on; fewer bytes than asked for only at the end of a segment.</summary>
    /// <exception cref="IOException">The segment is deleted or cannot be read.</exception>
    public int Read(long address, Span<byte> buffer)
    {
        long number = address / segmentSize;
        try
        {
            SafeFileHandle handle = _handles.GetOrAdd(number, Open);
            if (number < Volatile.Read(ref _first))
            {
                // Opened while it was being deleted: held open, it would take space for ever.
                Close(number);
                throw Deleted(number);
            }

            return Read(handle, address % segmentSize, buffer);
        }
        catch (ObjectDisposedException)
        {
            throw Deleted(number);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new IOException($"Segment {number} of the entry log cannot be read.", exception);
        }
    }

    /// <summary>Deletes the segments that end at <paramref name="address"/> or in front of it, oldest first.</summary>
    /// <exception cref="IOException">One cannot be deleted.</exception>
    public void DeleteBefore(long address)
    {
        long first = address / segmentSize;
        Volatile.Write(ref _first, first);
        foreach (long number in Numbers().TakeWhile(number => number < first))
        {
            File.Delete(PathOf(number));
        }

        // Whoever deleted the files: their space is given back when nobody holds them open.
        foreach (long number in _handles.Keys.Where(number => number < first))
        {
            Close(number);
        }
    }

    private int Read(SafeFileHandle handle, long offset, Span<byte> buffer)
    {
        int total = 0;
        while (total < buffer.Length)
        {
            int read = _read(handle, buffer[total..], offset + total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    /// <summary>Opens a segment for a reader of its own, who goes on when the segment is deleted meanwhile.</summary>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public SafeFileHandle Open(long number) =>
        File.OpenHandle(PathOf(number), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    /// <summary>Name of a segment's file.</summary>
    public static string NameOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{BaseName}.{number}");

    /// <summary>The number in the name of a segment's file; null when it is no segment's.</summary>
    public static long? NumberIn(string name) =>
        name.StartsWith(BaseName + ".", StringComparison.Ordinal)
        && long.TryParse(
            name.AsSpan(BaseName.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long number)
        && NameOf(number) == name
            ? number
            : null;

    /// <summary>Takes away everything from <paramref name="address"/> on.</summary>
    public void CutFrom(long address)
    {
        foreach (long number in Numbers())
        {
            long start = number * segmentSize;
            if (start >= address)
            {
                Close(number);
                File.Delete(PathOf(number));
            }
            else if (start + Length(number) > address)
            {
                using var file = new FileStream(PathOf(number), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
                file.SetLength(address - start);
                file.Flush(flushToDisk: true);
            }
        }
    }

    public void Dispose()
    {
        foreach (long number in _handles.Keys)
        {
            Close(number);
        }
    }

    private static IOException Deleted(long number) => new($"Segment {number} of the entry log is deleted.");

    private void Close(long number)
    {
        if (_handles.TryRemove(number, out SafeFileHandle? handle))
        {
            handle.Dispose();
        }
    }

    private string PathOf(long number) => Path.Combine(folder, NameOf(number));
}
