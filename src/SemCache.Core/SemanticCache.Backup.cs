using SemCache.Core.Requests;
using SemCache.Core.Storage.Backup;

namespace SemCache.Core;

/// <content>Backups of the running cache.</content>
public sealed partial class SemanticCache
{
    /// <summary>Most backups that are made at a time: each reads the whole log.</summary>
    public const int MaxConcurrentBackups = 2;

    private static readonly TimeSpan _retryBackup = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Begins a backup of everything that was stored, replaced and removed by now, whatever the durability level. While the
    /// log cannot be written, what is not on its disk is left out, and the backup says so. Nothing waits for it. Dispose it
    /// when it is written, or to give it up.
    /// </summary>
    /// <exception cref="LimitReachedException">As many backups as allowed are being made.</exception>
    /// <exception cref="CacheUnavailableException">The cache is recovering or stopping, or its log cannot be read.</exception>
    public async Task<CacheBackup> BeginBackupAsync(CancellationToken cancellationToken = default)
    {
        Engine engine = Require();
        ConcurrencyLimit.Admittance admittance = _backups.Enter();
        try
        {
            DateTimeOffset now = _time.GetUtcNow();
            CapturedLog log = await engine.Log.CaptureAsync(cancellationToken).ConfigureAwait(false);
            long entries = engine.Registry.Namespaces.Sum(ns => (long)ns.EntryCount);
            return new CacheBackup(log, admittance, files => new BackupManifest(
                BackupManifest.CurrentFormatVersion, now, engine.Embedder.Manifest.Name, entries, log.Begin, log.Until, files, log.Uncommitted));
        }
        catch
        {
            admittance.Dispose();
            throw;
        }
    }
}
