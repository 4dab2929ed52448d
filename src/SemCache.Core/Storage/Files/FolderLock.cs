namespace SemCache.Core.Storage;

/// <summary>Keeps a second process out of a folder.</summary>
internal static class FolderLock
{
    /// <summary>Name of the file that is locked.</summary>
    public const string FileName = "lock";

    // ERROR_SHARING_VIOLATION; on Unix .NET reports a lock that is held as EWOULDBLOCK.
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int WouldBlockOnLinux = 11;
    private const int WouldBlockOnMac = 35;

    /// <summary>Creates the folder if need be and locks it until the file is closed, or the process has ended.</summary>
    /// <exception cref="CacheStartupException">Another process has it, or it cannot be used.</exception>
    public static FileStream Take(string folder)
    {
        try
        {
            PrivateFolder.Create(folder);
            return new FileStream(
                Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            throw new CacheStartupException(
                $"The folder {folder} (SemCache:Storage:Path) is in use by another process: stop that, or give this one a "
                + "folder of its own.",
                exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CacheStartupException(
                $"The folder {folder} (SemCache:Storage:Path) cannot be used: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// Locks a folder against servers and writes nothing into it. Null when it has no lock: no server was ever there.
    /// </summary>
    /// <exception cref="FolderRefusedException">Another process has it, or it cannot be read.</exception>
    public static FileStream? TakeForReading(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, FileName), FileMode.Open, FileAccess.Read, FileShare.None);
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            throw new FolderRefusedException(
                $"The folder {folder} is in use by another process: stop that first.", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new FolderRefusedException($"The folder {folder} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// Locks a folder that a log is made in, until the file is closed, and leaves no file behind.
    /// </summary>
    /// <exception cref="FolderRefusedException">Another process has it.</exception>
    /// <exception cref="IOException">It cannot be used.</exception>
    public static FileStream TakeForMaking(string folder)
    {
        try
        {
            return new FileStream(
                Path.Combine(folder, FileName),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None,
                bufferSize: 1,
                FileOptions.DeleteOnClose);
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            throw new FolderRefusedException(
                $"The folder {folder} is in use by another process: stop that first.", exception);
        }
    }

    private static bool IsHeld(IOException exception) => OperatingSystem.IsWindows()
        ? exception.HResult == SharingViolation
        : exception.HResult == (OperatingSystem.IsMacOS() ? WouldBlockOnMac : WouldBlockOnLinux);
}
