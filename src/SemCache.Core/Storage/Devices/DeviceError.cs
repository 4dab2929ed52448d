using System.ComponentModel;

namespace SemCache.Core.Storage;

/// <summary>Error codes that devices report: the operating system's own, which tell a full device from a broken one.</summary>
internal static class DeviceError
{
    /// <summary>Something that the operating system has no number for.</summary>
    public const uint Unknown = uint.MaxValue;

    /// <summary>ENOSPC, the same on Linux and macOS.</summary>
    public const uint NoSpace = 28;

    /// <summary>EIO, the same on Linux and macOS.</summary>
    public const uint InputOutput = 5;

    private const uint NoSuchFile = 2;
    private const uint NotPermitted = 13;
    private const uint QuotaOnLinux = 122;
    private const uint QuotaOnMac = 69;
    private const uint WindowsDiskFull = 112;
    private const uint WindowsHandleDiskFull = 39;
    private const uint WindowsQuota = 1295;
    private const int CodeMask = 0xFFFF;

    /// <summary>The code of what was thrown; never 0.</summary>
    public static uint CodeOf(Exception exception) => exception switch
    {
        // Their HResult is .NET's own, not the operating system's.
        FileNotFoundException or DirectoryNotFoundException => NoSuchFile,
        UnauthorizedAccessException => OperatingSystem.IsWindows() ? InputOutput : NotPermitted,
        IOException { HResult: var result } when (result & CodeMask) != 0 => (uint)(result & CodeMask),
        _ => Unknown,
    };

    /// <summary>Whether space, or a quota of it, is what is missing.</summary>
    public static bool IsFull(uint code) => OperatingSystem.IsWindows()
        ? code is WindowsDiskFull or WindowsHandleDiskFull or WindowsQuota
        : code is NoSpace || code == (OperatingSystem.IsMacOS() ? QuotaOnMac : QuotaOnLinux);

    /// <summary>What the operating system says about the code.</summary>
    public static string Describe(uint code) =>
        code == Unknown ? "unknown error" : new Win32Exception((int)code).Message;
}
