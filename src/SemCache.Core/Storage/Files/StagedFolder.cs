namespace SemCache.Core.Storage;

/// <summary>
/// The folder of a log in the making: its files come into being in a folder inside it, and move into their place when they
/// are whole. The manifest moves last: without it, nobody takes the rest for a log. Locked until then.
/// </summary>
/// <remarks>
/// Inside, because the folder may be a volume of its own, which cannot be replaced. What a process leaves that is killed is
/// refused by servers, and taken away by the next one that makes a log there.
/// </remarks>
internal sealed class StagedFolder : IDisposable
{
    private const string Unfinished = "unfinished";

    private readonly string _folder;
    private readonly bool _existed;
    private readonly long _bytes;
    private readonly FileStream _lock;
    private bool _published;

    private StagedFolder(string folder, bool existed, long bytes)
    {
        _folder = folder;
        _existed = existed;
        _bytes = bytes;
        Path = System.IO.Path.Combine(folder, Unfinished);
        PrivateFolder.Create(folder);
        _lock = FolderLock.TakeForMaking(folder);
    }

    /// <summary>Where the files are made.</summary>
    public string Path { get; }

    /// <summary>Begins in a folder that is empty, does not exist, or was left unfinished.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="bytes">About how many bytes its files will take.</param>
    /// <exception cref="FolderRefusedException">There is something in it, it is in use, or it cannot be made.</exception>
    /// <exception cref="IOException">Its device has too little space.</exception>
    public static StagedFolder Create(string folder, long bytes)
    {
        folder = System.IO.Path.GetFullPath(folder);
        StagedFolder? staged = null;
        try
        {
            bool existed = Directory.Exists(folder);
            if (existed && !IsFree(folder))
            {
                throw new FolderRefusedException(
                    $"The folder {folder} is not empty: name one that is, or one that does not exist.");
            }

            staged = new StagedFolder(folder, existed, bytes);
            staged.Clear();
            PrivateFolder.Create(staged.Path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            staged?.Dispose();
            throw new FolderRefusedException($"The folder {folder} cannot be used: {exception.Message}", exception);
        }

        if (FreeSpace.On(folder) < bytes)
        {
            staged.Dispose();
            throw staged.TooSmall();
        }

        return staged;
    }

    /// <summary>Whether a log was being made in a folder, and is not whole.</summary>
    public static bool IsUnfinished(string folder) =>
        Directory.Exists(System.IO.Path.Combine(folder, Unfinished))
        && !File.Exists(System.IO.Path.Combine(folder, LogManifest.FileName));

    /// <summary>What to say when the device turns out to be full.</summary>
    public IOException TooSmall(Exception? inner = null) =>
        new($"{_folder} has too little space: {_bytes} bytes are needed.", inner);

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
            Clear();
        }

        _lock.Dispose();
        if (!_published && !_existed)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private static bool IsFree(string folder)
    {
        bool isUnfinished = IsUnfinished(folder);
        return Directory.EnumerateFileSystemEntries(folder).Select(System.IO.Path.GetFileName).All(
            name => name == FolderLock.FileName || (isUnfinished && (name == Unfinished || IsOfALog(name!))));
    }

    private static bool IsOfALog(string name) => name == LogBegin.FileName || SegmentFiles.NumberIn(name) is not null;

    private static bool IsManifest(string file) => System.IO.Path.GetFileName(file) == LogManifest.FileName;

    // The inner folder goes last: as long as it is there, the rest is known to be unfinished.
    private void Clear()
    {
        foreach (string file in Directory.GetFiles(_folder).Where(file => IsOfALog(System.IO.Path.GetFileName(file))))
        {
            File.Delete(file);
        }

        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }
    }
}
