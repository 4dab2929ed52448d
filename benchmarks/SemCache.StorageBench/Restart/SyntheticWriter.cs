using SemCache.Core;
using SemCache.Core.Partitions;
using SemCache.Core.Prompts;
using SemCache.Core.Storage;

namespace SemCache.StorageBench.Restart;

/// <summary>Appends put records, each partition's definition before them where the log's segment has none yet.</summary>
internal sealed class SyntheticWriter(EntryLog log, UInt128 fingerprint, EntryIds ids)
{
    private static readonly TimeSpan _ttl = TimeSpan.FromDays(30);

    private UInt128 _partition;
    private PartitionIdentity? _identity;
    private long _definedIn = -1;

    public async Task WriteAsync(
        PartitionIdentity identity, string prompt, string response, float[] vector, CancellationToken cancellation)
    {
        if (!identity.Equals(_identity) || _definedIn != log.TailSegment)
        {
            _partition = identity.Digest();
            _identity = identity;
            await AppendAsync(log.Codec.EncodePartition(_partition, identity), cancellation);
            _definedIn = log.TailSegment;
        }

        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        CanonicalPrompt canonical = CanonicalPrompt.Of(Prompt.FromText(prompt));
        var header = new PutHeader(_partition, ids.Next(now), canonical.TextHash, now, now + _ttl);
        var content = new PutContent(canonical.Source, CachedResponse.FromText(response), null, []);
        await AppendAsync(log.Codec.EncodePut(header, new StoredVector(fingerprint, vector), content), cancellation);
    }

    private async Task AppendAsync(byte[] record, CancellationToken cancellation)
    {
        while (!log.TryAppend(record, out _))
        {
            await log.WaitForSpaceAsync(cancellation);
        }
    }
}
