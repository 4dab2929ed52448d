using System.Globalization;
using SemCache.Core.Storage;

namespace SemCache.Core.Indexing.Snapshots;

/// <summary>The files of snapshots: one a partition, named by its digest. One that is being written has another name.</summary>
/// <remarks>One caller at a time; the lock of the log keeps other processes out.</remarks>
internal sealed class SnapshotFolder(string path)
{
    /// <summary>How the names of finished snapshots end.</summary>
    public const string Extension = ".graph";
    private const int ReadBufferBytes = 1 << 16;

    /// <summary>The file of a partition's snapshot, whether or not there is one.</summary>
    public string PathOf(UInt128 partition) =>
        Path.Combine(path, partition.ToString("x32", CultureInfo.InvariantCulture) + Extension);

    /// <summary>Whether a partition has a snapshot.</summary>
    public bool Has(UInt128 partition) => File.Exists(PathOf(partition));

    /// <summary>Opens a partition's snapshot.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public FileStream Open(UInt128 partition) => new(PathOf(partition), new FileStreamOptions
    {
        Mode = FileMode.Open,
        Access = FileAccess.Read,
        BufferSize = ReadBufferBytes,
        Options = FileOptions.SequentialScan,
    });

    /// <summary>Makes the folder, and sees to it that a snapshot never takes the space that the log, on the same device, needs to go on.</summary>
    /// <param name="bytes">About the size of the snapshot.</param>
    /// <exception cref="IOException">Too little is free.</exception>
    public void RequireSpace(long bytes)
    {
        PrivateFolder.Create(path);
        FreeSpace.Require(path, bytes);
    }

    /// <summary>Begins a partition's next snapshot, in the folder that <see cref="RequireSpace"/> has made.</summary>
    public FileStream Create(UInt128 partition) =>
        new(PathOf(partition) + DurableFile.Unfinished, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);

    /// <summary>Deletes what was begun and not published.</summary>
    public void Abandon(UInt128 partition) => File.Delete(PathOf(partition) + DurableFile.Unfinished);

    /// <summary>Puts a finished snapshot, closed and on the device, in the place of the one before.</summary>
    public void Publish(UInt128 partition) => DurableFile.Publish(PathOf(partition) + DurableFile.Unfinished, PathOf(partition));

    /// <summary>Deletes what was left unfinished, and the snapshots of all partitions but some.</summary>
    /// <exception cref="IOException">One cannot be deleted.</exception>
    public void DeleteAllBut(IEnumerable<UInt128> partitions)
    {
        if (!Directory.Exists(path))
        {
            return;
        }

        HashSet<string> kept = [.. partitions.Select(PathOf)];
        foreach (string file in Directory.EnumerateFiles(path))
        {
            if (file.EndsWith(Extension + DurableFile.Unfinished, StringComparison.Ordinal)
                || (file.EndsWith(Extension, StringComparison.Ordinal) && !kept.Contains(file)))
            {
                File.Delete(file);
            }
        }
    }
}
