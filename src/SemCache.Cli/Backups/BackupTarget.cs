using SemCache.Core.Storage;

namespace SemCache.Cli.Backups;

/// <summary>
/// The file of a backup: written under another name beside it, readable by its owner only, and renamed when it is whole and
/// on the device. Gone if it never is.
/// </summary>
internal sealed class BackupTarget : IAsyncDisposable
{
    private readonly string _path;
    private readonly string _temporary;
    private readonly bool _overwrite;
    private bool _published;

    private BackupTarget(string path, bool overwrite)
    {
        _path = Path.GetFullPath(path);
        _temporary = $"{_path}.{Path.GetRandomFileName()}.part";
        _overwrite = overwrite;
        File = PrivateFolder.CreateFile(_temporary);
    }

    /// <summary>Takes the bytes.</summary>
    public FileStream File { get; }

    /// <exception cref="UsageException">The file exists and must not be overwritten.</exception>
    public static BackupTarget Create(string path, bool overwrite) =>
        System.IO.File.Exists(path) && !overwrite
            ? throw new UsageException($"{path} exists already. Give another name, or --force to overwrite it.")
            : new BackupTarget(path, overwrite);

    /// <summary>Gives the file its name.</summary>
    public async Task PublishAsync()
    {
        File.Flush(flushToDisk: true);
        await File.DisposeAsync();
        System.IO.File.Move(_temporary, _path, _overwrite);
        _published = true;
        DirectoryEntries.Flush(Path.GetDirectoryName(_path)!);
    }

    public async ValueTask DisposeAsync()
    {
        await File.DisposeAsync();
        if (!_published)
        {
            System.IO.File.Delete(_temporary);
        }
    }
}
