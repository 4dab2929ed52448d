using System.Formats.Tar;

namespace SemCache.Core.Storage.Backup;

/// <summary>
/// Writes a backup: a tar archive of the log's files under the names that they have in its folder, and at the end
/// <see cref="BackupManifest"/>, for only then the hashes are known. An archive without it is not whole.
/// </summary>
internal static class BackupWriter
{
    /// <param name="log">The files; read once.</param>
    /// <param name="describe">Makes the manifest of the files as they were written.</param>
    /// <param name="output">Receives the archive; not closed.</param>
    /// <param name="cancellationToken">Ends it in the middle.</param>
    /// <exception cref="CacheUnavailableException">A file cannot be read.</exception>
    public static async Task WriteAsync(
        CapturedLog log,
        Func<IReadOnlyList<BackupFile>, BackupManifest> describe,
        Stream output,
        CancellationToken cancellationToken)
    {
        var files = new List<BackupFile>();
        var tar = new TarWriter(output, TarEntryFormat.Pax, leaveOpen: true);
        await using (tar.ConfigureAwait(false))
        {
            foreach (CapturedFile file in log.Files)
            {
                using var content = new SourceStream(file);
                await AddAsync(tar, file.Name, content, cancellationToken).ConfigureAwait(false);
                files.Add(new BackupFile(file.Name, file.Length, content.Sha256));
            }

            using var manifest = new MemoryStream(describe(files).ToBytes(), writable: false);
            await AddAsync(tar, BackupManifest.FileName, manifest, cancellationToken).ConfigureAwait(false);
        }
    }

    private static Task AddAsync(TarWriter tar, string name, Stream content, CancellationToken cancellationToken) =>
        tar.WriteEntryAsync(
            new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content, Mode = PrivateFolder.OwnerOnly }, cancellationToken);
}
