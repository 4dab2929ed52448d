using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using SemCache.Core;
using SemCache.Core.Diagnostics;
using SemCache.Core.Partitions;
using SemCache.Core.Storage;

namespace SemCache.StorageBench.Appends;

/// <summary>The entry log: append, then wait until it is durable. The record is ready made.</summary>
internal sealed class EntryLogTarget : IAppendTarget
{
    private readonly LogFolder _folder;
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly EntryLog _log;
    private readonly byte[] _record;

    public EntryLogTarget(string parent, int responseBytes)
    {
        _folder = new LogFolder(parent);
        _log = EntryLog.Open(
            _folder.Path,
            LogFolder.Options,
            RecordCodec.LargestRecordBytes(new LimitsOptions()),
            new SemCacheMetrics(_services.GetRequiredService<IMeterFactory>()),
            NullLogger<EntryLog>.Instance);
        _log.Recover(new NothingToRecover(), CancellationToken.None);
        _record = Records.Put(_log.Codec, responseBytes);
    }

    public async ValueTask AppendAsync(int writer, int number)
    {
        LogLocation location;
        while (!_log.TryAppend(_record, out location))
        {
            await _log.WaitForSpaceAsync(CancellationToken.None);
        }

        await _log.WaitDurableAsync(location, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    private sealed class NothingToRecover : IRecordSink
    {
        public void Partition(UInt128 partition, PartitionIdentity identity) => throw new NotSupportedException();

        public void Put(
            in PutHeader header,
            UInt128 fingerprint,
            ReadOnlySpan<float> vector,
            string[] tags,
            Savings? saved,
            LogLocation location) => throw new NotSupportedException();

        public void Remove(UInt128 partition, ReadOnlySpan<Guid> entryIds) => throw new NotSupportedException();

        public void Reembed(
            UInt128 partition, Guid entryId, UInt128 fingerprint, ReadOnlySpan<float> vector, LogLocation location) =>
            throw new NotSupportedException();

        public void Partition(UInt128 partition, PartitionIdentity identity, LogLocation location)
        {
            throw new NotImplementedException();
        }
    }
}
