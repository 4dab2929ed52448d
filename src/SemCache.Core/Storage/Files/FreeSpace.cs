namespace SemCache.Core.Storage;

/// <summary>
/// How much space a device has. Files that only save time never take the space that the log, on the same device, needs to go on.
/// </summary>
internal static class FreeSpace
{
    private const int SpareFactor = 2;

    /// <summary>Bytes that are free on the device of a folder, which exists.</summary>
    public static long On(string folder) =>
        new DriveInfo(OperatingSystem.IsWindows() ? Path.GetPathRoot(folder)! : folder).AvailableFreeSpace;

    /// <summary>Returns when twice as much is free as a snapshot takes.</summary>
    /// <param name="folder">A folder on the device.</param>
    /// <param name="bytes">About the size of the file.</param>
    /// <exception cref="IOException">Too little is free.</exception>
    public static void Require(string folder, long bytes)
    {
        long free = On(folder);
        if (free < SpareFactor * bytes)
        {
            throw new IOException($"only {free} bytes are free on the device; what takes {bytes} bytes wants twice as much");
        }
    }
}
