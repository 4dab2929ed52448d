using FASTER.core;
using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;

namespace SemCache.Core.Storage;

/// <content>Opening: the folder, its lock, and whether its layout fits the configuration.</content>
internal sealed partial class EntryLog
{
    /// <summary>Opens the log in a folder, which it creates if need be, and locks it against other processes.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="options">How the log is kept.</param>
    /// <param name="largestRecordBytes">Bytes of the largest record that the limits allow.</param>
    /// <param name="metrics">Counts and times.</param>
    /// <param name="logger">Receives events.</param>
    /// <param name="devices">Makes the device; null for the folder's own files.</param>
    /// <param name="reads">Reads the folder's files; null for the system.</param>
    /// <exception cref="CacheStartupException">The folder cannot be used; the message says why.</exception>
    public static EntryLog Open(
        string folder,
        StorageOptions options,
        long largestRecordBytes,
        SemCacheMetrics metrics,
        ILogger<EntryLog> logger,
        LogDeviceFactory? devices = null,
        SegmentRead? reads = null)
    {
        FileStream @lock = FolderLock.Take(folder);
        try
        {
            LogManifest manifest = LogManifest.LoadOrCreate(folder, options, logger);
            RequireFit(folder, options, manifest, largestRecordBytes);
            if (manifest.PageSize != options.PageSize || manifest.SegmentSize != options.SegmentSize)
            {
                Log.LogLayoutKept(logger, manifest.PageSize, manifest.SegmentSize);
            }

            var log = new EntryLog(
                options, manifest, @lock, folder, metrics, devices ?? (path => new SegmentDevice(path)), reads, logger);
            log.DropTruncated();
            log.ReserveBegin();
            return log;
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    private static void RequireFit(
        string folder, StorageOptions options, LogManifest manifest, long largestRecordBytes)
    {
        if (manifest.PageSize < largestRecordBytes)
        {
            throw new CacheStartupException(
                $"The log in {folder} was created with pages of {manifest.PageSize} bytes, but the limits allow a "
                + $"record of {largestRecordBytes} bytes: lower SemCache:Limits, or export into a new folder.");
        }

        if (options.MemorySize < StorageOptions.MinPagesInMemory * manifest.PageSize)
        {
            throw new CacheStartupException(
                $"SemCache:Storage:MemorySize is {options.MemorySize} bytes, but the log in {folder} was created with "
                + $"pages of {manifest.PageSize} bytes and needs {StorageOptions.MinPagesInMemory} of them.");
        }
    }

    private void ReserveBegin()
    {
        try
        {
            _begin.Reserve();
        }
        catch (IOException)
        {
            // The device is full already. The file is made when there is something to write to it.
        }
    }

    private void OpenForAppending(long tail)
    {
        _device = new RetryingDevice(
            _devices(_files.BasePath), RetryingDevice.LongestSilence, _metrics, _logger);
        _log = new FasterLog(new FasterLogSettings
        {
            LogDevice = _device,
            LogCommitManager = new SelfDescribingCommits(),
            PageSize = _manifest.PageSize,
            MemorySize = _options.MemorySize,
            SegmentSize = _manifest.SegmentSize,
            TryRecoverLatest = false,
        });
        if (tail > LogScanner.FirstAddress)
        {
            long nextPage = (tail + _manifest.PageSize - 1) / _manifest.PageSize * _manifest.PageSize;
            _log.Initialize(Math.Max(BeginAddress, LogScanner.FirstAddress), nextPage);
        }

        _commits = new GroupCommit(_log, _device, _options, _uncommitted, _metrics, _logger);
    }
}
