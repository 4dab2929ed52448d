namespace SemCache.Core.Storage;

/// <summary>How many bytes the files of a folder take.</summary>
internal static class FolderSize
{
    /// <summary>Bytes of all files, in folders below it too. Files that go meanwhile do not count.</summary>
    public static long Of(string folder) => Files(folder, "*", recursive: true).Sum();

    /// <summary>Bytes of each file whose name matches; none when there is no such folder.</summary>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static IEnumerable<long> Files(string folder, string pattern, bool recursive = false)
    {
        if (!Directory.Exists(folder))
        {
            yield break;
        }

        var options = new EnumerationOptions { RecurseSubdirectories = recursive };
        foreach (FileInfo file in new DirectoryInfo(folder).EnumerateFiles(pattern, options))
        {
            yield return LengthOf(file);
        }
    }

    private static long LengthOf(FileInfo file)
    {
        try
        {
            return file.Length;
        }
        catch (FileNotFoundException)
        {
            return 0;
        }
    }
}
