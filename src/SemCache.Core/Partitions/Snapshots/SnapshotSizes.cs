using SemCache.Core.Indexing.Snapshots;
using SemCache.Core.Storage;

namespace SemCache.Core.Partitions.Snapshots;

/// <summary>What snapshots take on the disk.</summary>
/// <param name="Bytes">Bytes of all snapshots that are in force.</param>
/// <param name="Largest">Bytes of the largest of them: what the next one may take beside them until it replaces it.</param>
internal readonly record struct SnapshotSizes(long Bytes, long Largest)
{
    /// <summary>Bytes with room for the next one.</summary>
    public long WithTheNext => Bytes + Largest;

    /// <summary>
    /// Measures the snapshots in the log's folder. What is being written does not count, for it comes and goes, nor do files
    /// that are not the cache's.
    /// </summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static SnapshotSizes Measure(string folder)
    {
        (long bytes, long largest) = (0, 0);
        foreach (long file in FolderSize.Files(folder, EntrySnapshots.FileName)
            .Concat(FolderSize.Files(Path.Combine(folder, GraphSnapshots.FolderName), "*" + SnapshotFolder.Extension)))
        {
            bytes += file;
            largest = Math.Max(largest, file);
        }

        return new SnapshotSizes(bytes, largest);
    }
}
