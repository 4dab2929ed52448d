namespace SemCache.Core.Storage.Backup;

/// <summary>Makes the folder of a log out of a backup.</summary>
internal static class BackupRestore
{
    /// <param name="archive">The backup, whose length is known; read forwards, and not closed.</param>
    /// <param name="folder">Empty, not there, or left by a restore that was killed. A server starts on it afterwards; it is left as it was if this fails.</param>
    /// <param name="cancellationToken">Ends it in the middle.</param>
    /// <exception cref="InvalidBackupException">The backup cannot be used.</exception>
    /// <exception cref="FolderRefusedException">The folder cannot be used.</exception>
    /// <exception cref="CacheStartupException">This program cannot read the log in the backup.</exception>
    /// <exception cref="IOException">A file cannot be read or written, or there is too little space.</exception>
    public static async Task<BackupManifest> RunAsync(
        Stream archive, string folder, CancellationToken cancellationToken)
    {
        // What is restored is the archive's files: all that there is in it, but for headers.
        using var staged = StagedFolder.Create(folder, archive.Length);
        try
        {
            BackupManifest manifest = await BackupReader.ReadAsync(
                archive, name => PrivateFolder.CreateFile(Path.Combine(staged.Path, name)), cancellationToken).ConfigureAwait(false);
            _ = LogManifest.Load(Path.Combine(staged.Path, LogManifest.FileName));
            staged.Publish();
            return manifest;
        }
        catch (IOException exception) when (DeviceError.IsFull(DeviceError.CodeOf(exception)))
        {
            throw staged.TooSmall(exception);
        }
    }
}
