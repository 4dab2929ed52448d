using SemCache.Cli.Output;
using SemCache.Core.Storage.Backup;

namespace SemCache.Cli.Backups;

/// <summary>What a backup holds, for people and for programs.</summary>
/// <param name="Path">The backup; the folder, when it was restored.</param>
/// <param name="Bytes">Bytes of the files in it.</param>
/// <param name="Entries">Entries that could be served when it was made.</param>
/// <param name="LogAddress">Address of the log that it reaches to.</param>
/// <param name="CreatedAt">When it was made.</param>
/// <param name="Model">The embedding model that the cache ran with.</param>
/// <param name="Uncommitted">Why what stood behind the address is not in it; null when nothing did.</param>
internal sealed record BackupSummary(
    string Path, long Bytes, long Entries, long LogAddress, DateTimeOffset CreatedAt, string Model, string? Uncommitted)
{
    public static BackupSummary Of(string path, BackupManifest manifest) => new(
        path,
        manifest.Files.Sum(file => file.Length),
        manifest.Entries,
        manifest.LogAddress,
        manifest.CreatedAt,
        manifest.Model,
        manifest.Uncommitted);

    public override string ToString() =>
        $"{Humanized.Count(Entries, "entry", "entries")}, {Humanized.Bytes(Bytes)}, up to log address {LogAddress}, of {CreatedAt:u}"
        + (Uncommitted is null ? "" : $"; what was in the cache behind that is left out, for the log could not be written ({Uncommitted})");
}
