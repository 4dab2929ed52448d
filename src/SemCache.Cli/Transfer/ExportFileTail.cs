using SemCache.V1;

namespace SemCache.Cli.Transfer;

/// <summary>Where an export that was interrupted can be continued.</summary>
/// <param name="Length">Length of the file without a line that was cut off while it was written.</param>
/// <param name="Last">The last entry in the file; null when there is none.</param>
internal sealed record ExportFileTail(long Length, Entry? Last)
{
    private const int ChunkSize = 64 * 1024;

    /// <summary>Finds the end of the last whole line, and the entry in it.</summary>
    /// <exception cref="UsageException">The file is not an export.</exception>
    public static async Task<ExportFileTail> FindAsync(FileStream file, CancellationToken cancellationToken)
    {
        var length = await FindLineStartAsync(file, file.Length, cancellationToken);
        if (length < file.Length && !LooksTorn(await ReadAsync(file, length, length + 1, cancellationToken)))
        {
            throw NotAnExport(file);
        }

        if (length == 0)
        {
            return new ExportFileTail(0, null);
        }

        var start = await FindLineStartAsync(file, length - 1, cancellationToken);
        return new ExportFileTail(length, Parse(file, await ReadAsync(file, start, length - 1, cancellationToken)));
    }

    /// <summary>Offset behind the last line end before the given offset; 0 when there is none.</summary>
    private static async Task<long> FindLineStartAsync(
        FileStream file, long before, CancellationToken cancellationToken)
    {
        for (var end = before; end > 0; end -= ChunkSize)
        {
            var start = Math.Max(0, end - ChunkSize);
            var found = (await ReadAsync(file, start, end, cancellationToken)).AsSpan().LastIndexOf((byte)'\n');
            if (found >= 0)
            {
                return start + found + 1;
            }
        }

        return 0;
    }

    private static async Task<byte[]> ReadAsync(
        FileStream file, long start, long end, CancellationToken cancellationToken)
    {
        var bytes = new byte[end - start];
        file.Position = start;
        await file.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    /// <summary>Only what can be the beginning of an entry is cut: a foreign file stays as it is.</summary>
    private static bool LooksTorn(byte[] beginning) => beginning[0] is (byte)'{' or 0;

    private static Entry Parse(FileStream file, byte[] line)
    {
        try
        {
            var entry = EntryLine.Parse(line);
            return entry.EntryId.Length > 0 ? entry : throw NotAnExport(file);
        }
        catch (BadLineException)
        {
            throw NotAnExport(file);
        }
    }

    private static UsageException NotAnExport(FileStream file) =>
        new($"{file.Name} does not end like an export and cannot be continued. Export with --restart to overwrite it.");
}
