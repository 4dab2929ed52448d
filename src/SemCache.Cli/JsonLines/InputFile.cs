namespace SemCache.Cli.JsonLines;

/// <summary>Opens the files that commands read.</summary>
internal static class InputFile
{
    /// <exception cref="UsageException">The path names a folder.</exception>
    /// <exception cref="IOException">The file is not there or cannot be read.</exception>
    public static Stream Open(string path) =>
        // The system only says that access is denied.
        Directory.Exists(path) ? throw new UsageException($"{path} is a folder, not a file.") : File.OpenRead(path);
}
