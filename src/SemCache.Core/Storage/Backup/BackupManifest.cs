using System.Text.Json;
using System.Text.Json.Serialization;

namespace SemCache.Core.Storage.Backup;

/// <summary>What a backup says of itself: the file <c>backup.json</c>, which is the last in its archive.</summary>
/// <param name="FormatVersion">Version of the archive's format.</param>
/// <param name="CreatedAt">When the backup was begun.</param>
/// <param name="Model">Name of the embedding model that the cache ran with.</param>
/// <param name="Entries">Entries that could be served when it was begun.</param>
/// <param name="BeginAddress">Address of the log's first segment.</param>
/// <param name="LogAddress">Every record that ends at this address of the log, or in front of it, is in the backup; no other is.</param>
/// <param name="Files">All other files, in their order.</param>
/// <param name="Uncommitted">
/// Why the log could not be committed when the backup was begun: what stands behind <paramref name="LogAddress"/> was in the
/// cache, not on its disk, and is not in the backup. Null when nothing is left out.
/// </param>
internal sealed record BackupManifest(
    int FormatVersion,
    DateTimeOffset CreatedAt,
    string Model,
    long Entries,
    long BeginAddress,
    long LogAddress,
    IReadOnlyList<BackupFile> Files,
    string? Uncommitted = null)
{
    public const int CurrentFormatVersion = 1;
    public const string FileName = "backup.json";

    // Some ten million segments.
    private const long MostBytes = 1L << 30;

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, _json);

    /// <exception cref="InvalidBackupException">It is damaged, or of a newer format.</exception>
    public static async Task<BackupManifest> ReadAsync(Stream content, long length, CancellationToken cancellationToken)
    {
        if (length > MostBytes)
        {
            throw new InvalidBackupException($"{FileName}: {length} bytes are more than it can have");
        }

        try
        {
            byte[] bytes = new byte[length];
            await content.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
            int version = JsonSerializer.Deserialize<Versioned>(bytes, _json)!.FormatVersion;
            return version == CurrentFormatVersion
                ? JsonSerializer.Deserialize<BackupManifest>(bytes, _json)!
                : throw new InvalidBackupException(
                    $"{FileName}: the backup has format version {version}, but this program reads version "
                    + $"{CurrentFormatVersion}: use the release that wrote it");
        }
        catch (JsonException exception)
        {
            throw new InvalidBackupException($"{FileName}: damaged: {exception.Message}", exception);
        }
    }

    private sealed record Versioned(int FormatVersion);
}

/// <summary>One file of a backup.</summary>
/// <param name="Name">Its name, which is the one that it had in the folder of the log.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">SHA-256 in lower-case hexadecimal digits.</param>
internal sealed record BackupFile(
    [property: JsonRequired] string Name, long Length, [property: JsonRequired] string Sha256);
