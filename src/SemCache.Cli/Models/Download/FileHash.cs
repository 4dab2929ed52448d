using System.Security.Cryptography;

namespace SemCache.Cli.Models.Download;

/// <summary>SHA-256 of files.</summary>
internal static class FileHash
{
    /// <summary>The hash in lower-case hexadecimal, as manifests have it.</summary>
    public static async Task<string> OfAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(
            path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1 << 20, useAsync: true);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }
}
