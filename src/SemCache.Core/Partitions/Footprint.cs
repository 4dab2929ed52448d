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

    /// <summary>A namespace that has partitions, without them: mostly the histogram of its latencies.</summary>
    public const int Namespace = 36 << 10;

    /// <summary>A message of a conversation without its texts, with its place in the list.</summary>
    public const int Message = 40;

    private const int Array = 24;

    // Of a table of entries, when it is neither just made nor about to be made anew.
    private const int Place = 16;

    // A tag of usual length, with its place.
    private const int Tag = 56;

    // Header, length and the terminating character.
    private const int String = 22;

    /// <summary>An entry with its tags.</summary>
    public static int Of(Entry entry) =>
        Entry + (entry.Tags.Length == 0 ? 0 : Array + (entry.Tags.Length * IntPtr.Size) + OfTexts(entry.Tags));

    /// <summary>
    /// An entry with its places in tables, about: tags are counted, not measured. For those who weigh entries against each
    /// other, millions of times.
    /// </summary>
    public static int About(Entry entry) => Entry + (2 * Place) + (entry.Tags.Length * Tag);

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
