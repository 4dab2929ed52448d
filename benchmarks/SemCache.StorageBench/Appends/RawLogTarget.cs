using FASTER.core;
using SemCache.Core;
using SemCache.Core.Storage;

namespace SemCache.StorageBench.Appends;

/// <summary>
/// FasterLog by itself, with the layout of our log and one commit at a time for everybody who waits: as much as could be had.
/// </summary>
/// <remarks>
/// On our segment device. With the device that FASTER brings along, writers came to a standstill within seconds on .NET 10: the
/// answer to a write never came.
/// </remarks>
internal sealed class RawLogTarget : IAppendTarget
{
    private readonly LogFolder _folder;
    private readonly IDevice _device;
    private readonly FasterLog _log;
    private readonly byte[] _record;
    private readonly Signal _requested = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _commits;

    public RawLogTarget(string parent, int responseBytes)
    {
        _folder = new LogFolder(parent);
        StorageOptions options = LogFolder.Options;
        _device = new SegmentDevice(Path.Combine(_folder.Path, "raw.log"));
        _log = new FasterLog(new FasterLogSettings
        {
            LogDevice = _device,
            LogCommitManager = new SelfDescribingCommits(),
            PageSize = options.PageSize,
            MemorySize = options.MemorySize,
            SegmentSize = options.SegmentSize,
            TryRecoverLatest = false,
        });
        _record = Records.Put(new RecordCodec(1), responseBytes);
        _commits = Task.Run(CommitAsync);
    }

    public async ValueTask AppendAsync(int writer, int number)
    {
        long address;
        while (!_log.TryEnqueue(_record, out address))
        {
            _requested.Set();
            await Task.Delay(1);
        }

        _requested.Set();
        await _log.WaitForCommitAsync(address + 1);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _commits;
        _log.Dispose();
        _device.Dispose();
        _stopping.Dispose();
        _folder.Dispose();
    }

    private async Task CommitAsync()
    {
        try
        {
            while (true)
            {
                await _requested.WaitAsync(Timeout.InfiniteTimeSpan, _stopping.Token);
                await _log.CommitAsync();
            }
        }
        catch (OperationCanceledException)
        {
            return;
        }
    }
}
