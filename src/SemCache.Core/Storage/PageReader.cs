namespace SemCache.Core.Storage;

/// <summary>Reads pages of the log's files, whole or as far as the device gives them.</summary>
internal sealed class PageReader(SegmentFiles files)
{
    // One bad sector costs no more than that.
    private const int PieceBytes = 64 << 10;

    /// <summary>Reads a page; what the files do not have, or the device does not give, is zero.</summary>
    /// <param name="address">Where the page begins.</param>
    /// <param name="page">Receives it.</param>
    /// <param name="onUnreadable">
    /// Receives the address, the bytes and the reason of each piece that cannot be read; null when that ends the reading.
    /// </param>
    /// <returns>Address behind the last piece that cannot be read; 0 when all of the page was read.</returns>
    /// <exception cref="IOException">It cannot be read, and nobody is there to be told.</exception>
    public long Read(long address, Span<byte> page, Action<long, int, IOException>? onUnreadable)
    {
        try
        {
            page[files.Read(address, page)..].Clear();
            return 0;
        }
        catch (IOException) when (onUnreadable is not null)
        {
            return ReadPieces(address, page, onUnreadable);
        }
    }

    private long ReadPieces(long address, Span<byte> page, Action<long, int, IOException> onUnreadable)
    {
        long end = 0;
        for (int offset = 0; offset < page.Length; offset += PieceBytes)
        {
            Span<byte> piece = page.Slice(offset, Math.Min(PieceBytes, page.Length - offset));
            try
            {
                piece[files.Read(address + offset, piece)..].Clear();
            }
            catch (IOException exception)
            {
                piece.Clear();
                end = address + offset + piece.Length;
                onUnreadable(address + offset, piece.Length, exception);
            }
        }

        return end;
    }
}
