using SemCache.Core.Storage;

namespace SemCache.Core.Partitions;

/// <summary>Removing entries for good: with a record in the log, so that no restart brings them back.</summary>
internal static class Removal
{
    /// <summary>Entries that one record may name.</summary>
    public const int MaxIdsPerRecord = 2048;

    /// <summary>
    /// Removes entries of one partition. Does not wait until that is durable; does wait for space in the log's memory.
    /// </summary>
    /// <param name="log">The log.</param>
    /// <param name="partition">The partition of all of them.</param>
    /// <param name="entries">At most <see cref="MaxIdsPerRecord"/>.</param>
    /// <param name="cancellationToken">Ends the wait; then nothing was removed.</param>
    /// <returns>How many there were: others may have removed some meanwhile.</returns>
    /// <exception cref="LimitReachedException">The log's device is full.</exception>
    /// <exception cref="CacheUnavailableException">The log cannot be written.</exception>
    public static async Task<int> RemoveAsync(
        EntryLog log, Partition partition, IReadOnlyCollection<Entry> entries, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            lock (partition.Gate)
            {
                Entry[] present = [.. entries.Where(entry => !entry.IsRemoved)];
                if (present.Length == 0)
                {
                    return 0;
                }

                byte[] record = log.Codec.EncodeRemove(partition.Digest, [.. present.Select(entry => entry.Id)]);
                if (partition.TryAppend(log, record, out _))
                {
                    return present.Count(partition.Remove);
                }
            }

            await log.WaitForSpaceAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
