namespace SemCache.StorageBench.Figures;

/// <summary>What a data folder takes.</summary>
internal static class FolderSize
{
    /// <summary>Bytes of all files in the folder, by their length. A file that goes meanwhile counts as gone.</summary>
    public static long Of(string folder)
    {
        long bytes = 0;
        foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            try
            {
                bytes += new FileInfo(file).Length;
            }
            catch (FileNotFoundException)
            {
                // Compacted away, or a file that was replaced by its successor.
            }
        }

        return bytes;
    }
}
