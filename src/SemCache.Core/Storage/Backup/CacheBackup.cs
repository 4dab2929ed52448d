using SemCache.Core.Requests;
using SemCache.Core.Storage.Backup;

namespace SemCache.Core;

/// <summary>
/// A backup that has begun: what was stored before is in it, what is stored later is not, however long the writing takes.
/// Holds nothing of the cache but open files.
/// </summary>
public sealed class CacheBackup : IDisposable
{
    private readonly CapturedLog _log;
    private readonly ConcurrencyLimit.Admittance _admittance;
    private readonly Func<IReadOnlyList<BackupFile>, BackupManifest> _describe;
    private bool _disposed;

    internal CacheBackup(
        CapturedLog log,
        ConcurrencyLimit.Admittance admittance,
        Func<IReadOnlyList<BackupFile>, BackupManifest> describe)
    {
        _log = log;
        _admittance = admittance;
        _describe = describe;
    }

    /// <summary>Bytes of all files in the archive, without its headers and its description.</summary>
    public long Bytes => _log.Bytes;

    /// <summary>Address of the entry log that the backup reaches to.</summary>
    public long LogAddress => _log.Until;

    /// <summary>Writes the archive, once.</summary>
    /// <param name="output">Receives it; not closed.</param>
    /// <param name="cancellationToken">Ends it in the middle: what was written is no backup.</param>
    /// <exception cref="CacheUnavailableException">The log cannot be read.</exception>
    public Task WriteToAsync(Stream output, CancellationToken cancellationToken = default) =>
        BackupWriter.WriteAsync(_log, _describe, output, cancellationToken);

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _log.Dispose();
            _admittance.Dispose();
        }
    }
}
