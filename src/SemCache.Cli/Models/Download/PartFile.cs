namespace SemCache.Cli.Models.Download;

/// <summary>
/// A file that is on its way: <c>FILE.part</c>, and in <c>FILE.part.etag</c> which version of the mirror's file its
/// bytes are from. It outlives the process, so that an interrupted download goes on where it stopped.
/// </summary>
internal sealed class PartFile(string path)
{
    private readonly string _part = path + ".part";
    private readonly string _version = path + ".part.etag";

    /// <summary>Bytes that are here already.</summary>
    public long Length => File.Exists(_part) ? new FileInfo(_part).Length : 0;

    /// <summary>The strong entity tag that the bytes were sent with; null when there was none.</summary>
    public string? Version
    {
        get => File.Exists(_version) ? File.ReadAllText(_version) : null;
        set
        {
            if (value is null)
            {
                File.Delete(_version);
            }
            else
            {
                File.WriteAllText(_version, value);
            }
        }
    }

    /// <summary>Opens it to go on at its end. Nobody else can meanwhile.</summary>
    public FileStream Append() => new(_part, FileMode.Append, FileAccess.Write, FileShare.None);

    /// <summary>Forgets what is here.</summary>
    public void Clear()
    {
        File.Delete(_part);
        File.Delete(_version);
    }

    public Task<string> HashAsync(CancellationToken cancellationToken) => FileHash.OfAsync(_part, cancellationToken);

    /// <summary>Gives it its name: it is complete and checked.</summary>
    public void Complete()
    {
        File.Move(_part, path);
        File.Delete(_version);
    }
}
