namespace SemCache.Core.Partitions;

/// <summary>
/// How many bytes the objects behind entries and partitions take on the heap of a 64-bit runtime. A test holds these figures
/// against the heap.
/// </summary>
internal static class Footprint
{
    /// <summary>An entry without its tags.</summary>
    public const int Entry = 120;

    /// <summary>
    /// A partition without what depends on its identity and on its entries: its own object, its place in its namespace, the
    /// objects of its index and of its tables.
    /// </summary>
    public const int Partition = 700;

    /// <summary>A namespace without its partitions: mostly the histogram of its latencies.</summary>
    public const int Namespace = 36 << 10;

    private const int Array = 24;

    // Header, length and the terminating character.
    private const int String = 22;

    /// <summary>An entry with its tags.</summary>
    public static int Of(Entry entry) =>
        Entry + (entry.Tags.Length == 0 ? 0 : Array + (entry.Tags.Length * IntPtr.Size) + OfTexts(entry.Tags));

    /// <summary>A partition without its entries.</summary>
    public static long Of(PartitionIdentity identity)
    {
        long bytes = Partition;
        foreach ((string key, string value) in identity.Scope.Attributes)
        {
            bytes += (2 * IntPtr.Size) + Of(key) + Of(value);
        }

        return bytes;
    }

    /// <summary>A text.</summary>
    public static int Of(string text) => (String + (sizeof(char) * text.Length) + (IntPtr.Size - 1)) & -IntPtr.Size;

    private static int OfTexts(string[] texts)
    {
        int bytes = 0;
        foreach (string text in texts)
        {
            bytes += Of(text);
        }

        return bytes;
    }
}
