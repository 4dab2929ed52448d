namespace SemCache.Core.Storage;

/// <summary>Folders of what is cached: that is nobody else's business, on this machine too.</summary>
internal static class PrivateFolder
{
    /// <summary>Creates a folder that only this user can enter, unless it is there already.</summary>
    public static void Create(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
