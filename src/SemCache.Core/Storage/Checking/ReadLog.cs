namespace SemCache.Core.Storage.Checking;

/// <summary>A log that was read to its end, and the entries in it.</summary>
/// <param name="Manifest">Its manifest.</param>
/// <param name="Files">Its files.</param>
/// <param name="Book">What its records say.</param>
/// <param name="Now">When it was read: entries that expire by then are dead.</param>
internal sealed record ReadLog(LogManifest Manifest, SegmentFiles Files, EntryBook Book, DateTimeOffset Now)
{
    /// <summary>Entries that a server would serve, or would but for what is wrong with their record.</summary>
    public IEnumerable<CheckedEntry> Live =>
        Book.Entries.Where(entry => !IsExpired(entry) && entry.Partition.Identity is not null);

    public bool IsExpired(CheckedEntry entry) => entry.ExpiresTicks <= Now.UtcTicks;

    /// <summary>Bytes that live entries take, by segment.</summary>
    public Dictionary<long, long> LiveBytes()
    {
        var bytes = new Dictionary<long, long>();
        foreach (CheckedEntry entry in Live)
        {
            Add(entry.Location);
            if (entry.Reembedded.Length > 0)
            {
                Add(entry.Reembedded);
            }
        }

        return bytes;

        void Add(LogLocation location)
        {
            long segment = location.Address / Manifest.SegmentSize;
            bytes[segment] = bytes.GetValueOrDefault(segment) + LogScanner.AlignedLength(location.Length);
        }
    }

    public IReadOnlyList<NamespaceFigures> ByNamespace() =>
    [
        .. Live.GroupBy(entry => entry.Partition.Identity!.Namespace)
            .Select(entries => new NamespaceFigures(
                entries.Key, entries.Select(entry => entry.Partition).Distinct().Count(), entries.Count()))
            .OrderBy(figures => figures.Namespace, StringComparer.Ordinal),
    ];

    public IReadOnlyList<EmbedderFigures> ByEmbedder() =>
    [
        .. Live.GroupBy(entry => entry.Fingerprint)
            .Select(entries => new EmbedderFigures(
                EntryBook.Hex(entries.Key), Book.Dimensions[entries.Key], entries.Count()))
            .OrderByDescending(figures => figures.Entries),
    ];
}
