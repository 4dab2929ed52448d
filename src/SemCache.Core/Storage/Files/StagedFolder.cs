namespace SemCache.Core.Storage;

/// <summary>
/// The folder of a log in the making: its files come into being in a folder inside it, and move into their place when they
/// are whole. The manifest moves last: without it, nobody takes the rest for a log.
/// </summary>
/// <remarks>Inside, because the folder may be a volume of its own, which cannot be replaced.</remarks>
internal sealed class StagedFolder : IDisposable
{
    private const string Unfinished = "unfinished";

    private readonly string _folder;
    private readonly bool _existed;
    private bool _published;

    private StagedFolder(string folder, bool existed)
    {
        _folder = folder;
        _existed = existed;
        Path = System.IO.Path.Combine(folder, Unfinished);
    }

    /// <summary>Where the files are made.</summary>
    public string Path { get; }

    /// <summary>Begins in a folder that is empty or does not exist.</summary>
    /// <exception cref="FolderRefusedException">There is something in it, or it cannot be made.</exception>
    public static StagedFolder Create(string folder)
    {
        folder = System.IO.Path.GetFullPath(folder);
        try
        {
            bool existed = Directory.Exists(folder);
            if (existed && Directory.EnumerateFileSystemEntries(folder).Any())
            {
                throw new FolderRefusedException(
                    $"The folder {folder} is not empty: name one that is, or one that does not exist.");
            }

            var staged = new StagedFolder(folder, existed);
            PrivateFolder.Create(folder);
            PrivateFolder.Create(staged.Path);
            return staged;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FolderRefusedException($"The folder {folder} cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>Puts the files, which are on the device, into their place.</summary>
    /// <exception cref="IOException">One cannot be moved: the folder is no log then.</exception>
    public void Publish()
    {
        foreach (string file in Directory.GetFiles(Path).OrderBy(IsManifest))
        {
            string name = System.IO.Path.GetFileName(file);
            if (IsManifest(file))
            {
                DirectoryEntries.Flush(_folder);
            }

            if (name != FolderLock.FileName)
            {
                File.Move(file, System.IO.Path.Combine(_folder, name));
            }
        }

        DirectoryEntries.Flush(_folder);
        _published = true;
        Directory.Delete(Path, recursive: true);
    }

    /// <summary>Takes away what was not published.</summary>
    public void Dispose()
    {
        if (!_published)
        {
            Directory.Delete(Path, recursive: true);
            if (!_existed)
            {
                Directory.Delete(_folder, recursive: true);
            }
        }
    }

    private static bool IsManifest(string file) => System.IO.Path.GetFileName(file) == LogManifest.FileName;
}
