using System.Buffers;
using System.Formats.Tar;
using System.Security.Cryptography;

namespace SemCache.Core.Storage.Backup;

/// <summary>
/// Reads a backup from the beginning to the end and checks all of it: that it holds exactly the files that it names, each
/// whole and unchanged. Hands on what it reads, which is to be trusted only after the end.
/// </summary>
internal static class BackupReader
{
    private const int BufferBytes = 1 << 17;

    /// <param name="archive">The archive; read forwards, to its end, and not closed.</param>
    /// <param name="create">Opens the file of a name that takes its bytes, which is closed again; null to check only.</param>
    /// <param name="cancellationToken">Ends it in the middle.</param>
    /// <exception cref="InvalidBackupException">It is damaged, not whole, of a newer format, or no backup.</exception>
    public static async Task<BackupManifest> ReadAsync(
        Stream archive, Func<string, Stream>? create, CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, BackupFile>(StringComparer.Ordinal);
        string? foreign = null;
        BackupManifest? manifest = null;
        string last = "the archive";
        try
        {
            var tar = new TarReader(archive, leaveOpen: true);
            await using (tar.ConfigureAwait(false))
            {
                while (await tar.GetNextEntryAsync(copyData: false, cancellationToken).ConfigureAwait(false) is { } entry)
                {
                    last = entry.Name;
                    if (manifest is not null)
                    {
                        throw new InvalidBackupException($"{entry.Name}: stands behind {BackupManifest.FileName}, the last file of a backup");
                    }

                    if (entry.Name == BackupManifest.FileName)
                    {
                        manifest = await BackupManifest.ReadAsync(
                            entry.DataStream ?? Stream.Null, entry.Length, cancellationToken).ConfigureAwait(false);
                    }
                    else if (!IsAllowed(entry) || found.ContainsKey(entry.Name))
                    {
                        // Told at the end: a newer format may have other files, and that is the better reason.
                        foreign ??= entry.Name;
                    }
                    else
                    {
                        found[entry.Name] = await TakeAsync(entry, create, cancellationToken).ConfigureAwait(false);
                    }
                }
            }

            // What stands behind the archive's end is nothing, but whoever hands the archive on wants it too.
            await archive.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
        }
        catch (EndOfStreamException exception)
        {
            throw new InvalidBackupException($"{last}: the archive ends in the middle of it or of its neighbour", exception);
        }
        catch (Exception exception) when (exception is InvalidDataException or FormatException)
        {
            throw new InvalidBackupException($"{last}: no tar archive from here on: {exception.Message}", exception);
        }

        Compare(manifest, found, foreign);
        return manifest!;
    }

    // No links, no folders, and no name that leads out of the folder.
    private static bool IsAllowed(TarEntry entry) =>
        entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile
        && (entry.Name is LogManifest.FileName or LogBegin.FileName || SegmentFiles.NumberIn(entry.Name) is not null);

    private static async Task<BackupFile> TakeAsync(
        TarEntry entry, Func<string, Stream>? create, CancellationToken cancellationToken)
    {
        Stream content = entry.DataStream ?? Stream.Null;
        Stream target = create?.Invoke(entry.Name) ?? Stream.Null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        await using (target.ConfigureAwait(false))
        {
            long length = 0;
            while (await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and int read)
            {
                hash.AppendData(buffer, 0, read);
                await target.WriteAsync(buffer.AsMemory(0, read), cancellationToken).ConfigureAwait(false);
                length += read;
            }

            ArrayPool<byte>.Shared.Return(buffer);
            (target as FileStream)?.Flush(flushToDisk: true);
            return new BackupFile(entry.Name, length, Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
    }

    private static void Compare(BackupManifest? manifest, Dictionary<string, BackupFile> found, string? foreign)
    {
        if (manifest is null)
        {
            throw new InvalidBackupException(
                $"{BackupManifest.FileName}: missing: the archive was cut off, or is no backup");
        }

        if (foreign is not null)
        {
            throw new InvalidBackupException($"{foreign}: no file of a backup, or there twice");
        }

        foreach (BackupFile named in manifest.Files)
        {
            if (!found.Remove(named.Name, out BackupFile? file))
            {
                throw new InvalidBackupException($"{named.Name}: missing in the archive");
            }

            if (file.Length != named.Length)
            {
                throw new InvalidBackupException($"{named.Name}: {file.Length} bytes instead of {named.Length}");
            }

            if (file.Sha256 != named.Sha256)
            {
                throw new InvalidBackupException($"{named.Name}: damaged: its SHA-256 is {file.Sha256}, not {named.Sha256}");
            }
        }

        if (found.Keys.FirstOrDefault() is { } unnamed)
        {
            throw new InvalidBackupException($"{unnamed}: not named in {BackupManifest.FileName}");
        }

        if (manifest.Files.All(file => file.Name != LogManifest.FileName))
        {
            throw new InvalidBackupException($"{LogManifest.FileName}: missing, without which a log cannot be read");
        }
    }
}
