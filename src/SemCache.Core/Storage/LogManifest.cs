using System.Buffers.Binary;
using System.Globalization;
using System.IO.Hashing;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;

namespace SemCache.Core.Storage;

/// <summary>
/// What must be known before the entry log can be read: its format, the layout of its files, and the secret that its
/// checksums are seeded with. Written when the log is created, and again only when its format is migrated.
/// </summary>
/// <remarks>
/// Version 1: the log begins with its first segment. Version 2: it may begin later, where <see cref="LogBegin"/> says; a
/// program that knows only version 1 would bring back what stood in front of that; and the manifest has a checksum. The
/// records are the same.
/// </remarks>
internal sealed record LogManifest(int FormatVersion, long PageSize, long SegmentSize, long Secret)
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "entries.json";

    // With a wrong secret every record of the log would look damaged, and the log would be cut to nothing.
    private const int FirstVersionWithChecksum = 2;
    private const int CurrentFormatVersion = 2;
    private const int OldestFormatVersion = 1;

    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>XXH3-64 of the other values, in hexadecimal digits.</summary>
    public string? Checksum { get; init; }

    /// <summary>Reads the manifest of the log in <paramref name="folder"/>, or makes one for a new log.</summary>
    /// <remarks>One of an older version is migrated.</remarks>
    /// <exception cref="CacheStartupException">There are log files that no manifest, or none readable, describes.</exception>
    public static LogManifest LoadOrCreate(string folder, StorageOptions options, ILogger logger)
    {
        string path = Path.Combine(folder, FileName);
        if (File.Exists(path))
        {
            return Migrate(Load(path), path, logger);
        }

        if (StagedFolder.IsUnfinished(folder))
        {
            throw new CacheStartupException(
                $"The folder {folder} (SemCache:Storage:Path) holds an unfinished restore or repair: run it again with the "
                + "same folder, which takes away what is there.");
        }

        if (SegmentFiles.Exist(folder))
        {
            throw new CacheStartupException(
                $"The folder {folder} holds log files but not their {FileName}, without which they cannot be read: "
                + "restore that file, or give SemCache:Storage:Path an empty folder.");
        }

        long secret = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));
        var manifest = new LogManifest(CurrentFormatVersion, options.PageSize, options.SegmentSize, secret);
        manifest.Save(path);
        return manifest;
    }

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="UnknownFormatException">It is of another format.</exception>
    /// <exception cref="CacheStartupException">It is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static LogManifest Load(string path)
    {
        LogManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<LogManifest>(File.ReadAllBytes(path), _json);
        }
        catch (JsonException exception)
        {
            throw new CacheStartupException($"The file {path} is damaged: {exception.Message}", exception);
        }

        return manifest switch
        {
            null or { PageSize: <= 0 } or { SegmentSize: <= 0 } =>
                throw new CacheStartupException($"The file {path} is damaged: it names no page or segment size."),
            { FormatVersion: < OldestFormatVersion or > CurrentFormatVersion } => throw new UnknownFormatException(
                $"The log described by {path} has format version {manifest.FormatVersion}, but this program reads "
                + $"versions {OldestFormatVersion} to {CurrentFormatVersion}: use the release that wrote it."),
            { Checksum: null, FormatVersion: >= FirstVersionWithChecksum } =>
                throw new CacheStartupException($"The file {path} is damaged: it has no checksum."),
            { Checksum: { } checksum } when checksum != manifest.NewChecksum() =>
                throw new CacheStartupException($"The file {path} is damaged: its checksum is wrong."),
            _ => manifest,
        };
    }

    private static LogManifest Migrate(LogManifest manifest, string path, ILogger logger)
    {
        if (manifest.FormatVersion == CurrentFormatVersion)
        {
            return manifest;
        }

        LogManifest migrated = manifest with { FormatVersion = CurrentFormatVersion };
        migrated.Save(path);
        Log.LogMigrated(logger, manifest.FormatVersion, CurrentFormatVersion);
        return migrated;
    }

    private void Save(string path)
    {
        try
        {
            DurableFile.Replace(path, JsonSerializer.SerializeToUtf8Bytes(this with { Checksum = NewChecksum() }, _json));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CacheStartupException($"The file {path} cannot be written: {exception.Message}", exception);
        }
    }

    private string NewChecksum()
    {
        Span<byte> values = stackalloc byte[4 * sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(values, FormatVersion);
        BinaryPrimitives.WriteInt64LittleEndian(values[8..], PageSize);
        BinaryPrimitives.WriteInt64LittleEndian(values[16..], SegmentSize);
        BinaryPrimitives.WriteInt64LittleEndian(values[24..], Secret);
        return XxHash3.HashToUInt64(values).ToString("x16", CultureInfo.InvariantCulture);
    }
}
