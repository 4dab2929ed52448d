using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace SemCache.Core.Storage;

/// <summary>Writes the names of files through to the device.</summary>
/// <remarks>
/// On Linux and macOS a file whose bytes are on the device can still be missing after a power failure: its name is the
/// folder's, and .NET cannot flush a folder. Windows keeps both together.
/// </remarks>
internal static partial class DirectoryEntries
{
    private const int ReadOnly = 0;
    private const int InvalidArgument = 22;

    /// <summary>Returns when the device knows which files the folder has.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public static void Flush(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        int descriptor = Open(path, ReadOnly);
        if (descriptor < 0)
        {
            throw Failure("opened", path);
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        // Some file systems have nothing to flush and say that the argument is wrong.
        if (Sync(descriptor) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
        {
            throw Failure("written through", path);
        }
    }

    private static IOException Failure(string what, string path)
    {
        var reason = new Win32Exception(Marshal.GetLastPInvokeError());
        return new IOException($"The folder {path} could not be {what}: {reason.Message}", reason);
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);
}
