using System.Globalization;

namespace SemCache.Core.Storage;

/// <summary>
/// Copies of what starts have cut off the log's end, <c>entries.cut.ADDRESS</c>: no whole record stands in them, but somebody
/// may want to look at them. The program never reads them. The latest few are kept.
/// </summary>
internal static class CutTails
{
    /// <summary>What the names of all copies begin with.</summary>
    public const string BaseName = "entries.cut.";

    /// <summary>Most bytes of a copy; what stands behind them is not kept.</summary>
    public const long MaxBytes = 16 << 20;

    /// <summary>Most copies.</summary>
    public const int MaxFiles = 4;

    private const int PieceBytes = 64 << 10;

    /// <summary>Copies what stands in the log from an address on, with nothing for what is missing or cannot be read.</summary>
    /// <param name="files">The log's files.</param>
    /// <param name="address">Where to begin.</param>
    /// <param name="bytes">How many.</param>
    /// <returns>Name of the copy in the log's folder; the device has it.</returns>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static string Keep(SegmentFiles files, long address, long bytes)
    {
        string name = BaseName + address.ToString(CultureInfo.InvariantCulture);
        string path = Path.Combine(files.Folder, name);
        long kept = Math.Min(bytes, MaxBytes);
        FreeSpace.Require(files.Folder, kept);
        DurableFile.Replace(path, copy => Copy(files, address, address + kept, copy));
        DeleteOlder(files.Folder, path);
        return name;
    }

    private static void Copy(SegmentFiles files, long from, long until, FileStream copy)
    {
        byte[] buffer = new byte[PieceBytes];
        for (long address = from; address < until;)
        {
            long segmentEnd = ((address / files.SegmentSize) + 1) * files.SegmentSize;
            Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(PieceBytes, Math.Min(until, segmentEnd) - address));
            piece[ReadOrNothing(files, address, piece)..].Clear();
            copy.Write(piece);
            address += piece.Length;
        }
    }

    private static int ReadOrNothing(SegmentFiles files, long address, Span<byte> piece)
    {
        try
        {
            return files.Read(address, piece);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static void DeleteOlder(string folder, string latest)
    {
        IEnumerable<FileInfo> older = new DirectoryInfo(folder).EnumerateFiles(BaseName + "*")
            .Where(file => file.FullName != latest)
            .OrderByDescending(file => file.LastWriteTimeUtc)
            .Skip(MaxFiles - 1);
        foreach (FileInfo file in older)
        {
            file.Delete();
        }
    }
}
