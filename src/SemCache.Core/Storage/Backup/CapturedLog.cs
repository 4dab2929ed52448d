namespace SemCache.Core.Storage.Backup;

/// <summary>The files of a log as they were at one moment, from its begin up to an address, open for reading.</summary>
/// <param name="Begin">Address of the first segment.</param>
/// <param name="Until">Address behind the last record; a record's end.</param>
/// <param name="Files">The small files first, then the segments in their order.</param>
internal sealed record CapturedLog(long Begin, long Until, IReadOnlyList<CapturedFile> Files) : IDisposable
{
    /// <summary>Why what was appended behind <see cref="Until"/> could not be committed; null when all was.</summary>
    public string? Uncommitted { get; init; }

    /// <summary>Bytes of all files.</summary>
    public long Bytes => Files.Sum(file => file.Length);

    /// <summary>Opens the files. Nobody truncates the log meanwhile, and it is on the device up to the address.</summary>
    /// <exception cref="IOException">One cannot be opened.</exception>
    public static CapturedLog Open(SegmentFiles files, long begin, long until)
    {
        var captured = new List<CapturedFile>();
        try
        {
            foreach (string name in new[] { LogManifest.FileName, LogBegin.FileName })
            {
                string path = Path.Combine(files.Folder, name);
                if (File.Exists(path))
                {
                    captured.Add(new CapturedFile(name, new MemoryStream(File.ReadAllBytes(path), writable: false)));
                }
            }

            foreach (long number in files.Numbers())
            {
                long start = number * files.SegmentSize;
                if (start >= begin && start < until)
                {
                    captured.Add(new CapturedFile(
                        SegmentFiles.NameOf(number), new FileHead(files.Open(number), until - start)));
                }
            }

            return new CapturedLog(begin, until, captured);
        }
        catch
        {
            captured.ForEach(file => file.Dispose());
            throw;
        }
    }

    public void Dispose()
    {
        foreach (CapturedFile file in Files)
        {
            file.Dispose();
        }
    }
}

/// <summary>One file of a captured log.</summary>
/// <param name="Name">Its name in the folder.</param>
/// <param name="Content">Stands at its beginning.</param>
internal sealed record CapturedFile(string Name, Stream Content) : IDisposable
{
    /// <summary>Bytes of it.</summary>
    public long Length => Content.Length;

    public void Dispose() => Content.Dispose();
}
