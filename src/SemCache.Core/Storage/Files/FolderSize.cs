namespace SemCache.Core.Storage;

/// <summary>How many bytes the files of a folder take.</summary>
internal static class FolderSize
{
    /// <summary>Bytes of all files, in folders below it too. Files that go meanwhile do not count.</summary>
    public static long Of(string folder) => Of(folder, _ => true);

    /// <summary>Bytes of all files but the segments of the log.</summary>
    public static long BesideLog(string folder) =>
        Of(folder, file => !file.Name.StartsWith(SegmentFiles.BaseName, StringComparison.Ordinal));

    private static long Of(string folder, Func<FileInfo, bool> counts)
    {
        long bytes = 0;
        var options = new EnumerationOptions { RecurseSubdirectories = true };
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles("*", options).Where(counts))
        {
            try
            {
                bytes += file.Length;
            }
            catch (FileNotFoundException)
            {
                continue;
            }
        }

        return bytes;
    }
}
