using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SemCache.StorageBench.Cold;

/// <summary>Takes files out of the operating system's page cache, so that the next read comes from the device.</summary>
internal static partial class PageCache
{
    private const int DontNeed = 4;

    /// <summary>Forgets what is cached of the log files in a folder.</summary>
    /// <exception cref="NotMeasuredException">The operating system refused.</exception>
    public static void Forget(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder, "entries.log.*"))
        {
            using SafeFileHandle handle = File.OpenHandle(file, share: FileShare.ReadWrite | FileShare.Delete);
            if (Advise(handle, 0, 0, DontNeed) is not 0 and var error)
            {
                throw new NotMeasuredException($"posix_fadvise failed for {file} with error {error}.");
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fadvise")]
    private static partial int Advise(SafeFileHandle file, long offset, long length, int advice);
}
