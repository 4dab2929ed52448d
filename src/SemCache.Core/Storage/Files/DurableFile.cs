namespace SemCache.Core.Storage;

/// <summary>Files that are there as a whole, old or new, whatever happens while they are written.</summary>
internal static class DurableFile
{
    /// <summary>What is behind the name of a file that is not whole yet.</summary>
    public const string Unfinished = ".new";

    /// <summary>Writes a file, or replaces it; when this returns, the device has it, name included.</summary>
    /// <exception cref="IOException">It cannot be written; what was there before still is.</exception>
    public static void Replace(string path, byte[] content) => Replace(path, file => file.Write(content));

    /// <summary>As above, with whatever somebody writes into it.</summary>
    public static void Replace(string path, Action<FileStream> write)
    {
        string temporary = path + Unfinished;
        try
        {
            using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                write(file);
                file.Flush(flushToDisk: true);
            }

            Publish(temporary, path);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>
    /// Puts a file that the device has in the place of another; when this returns, the device knows that too.
    /// </summary>
    /// <exception cref="IOException">It cannot be done; what was there before still is.</exception>
    public static void Publish(string temporary, string path)
    {
        File.Move(temporary, path, overwrite: true);
        DirectoryEntries.Flush(Path.GetDirectoryName(path)!);
    }
}
