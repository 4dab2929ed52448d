using Microsoft.Extensions.Logging;

namespace SemCache.Core.Diagnostics;

/// <summary>
/// Every event that the engine logs. Prompts, responses, scopes and tags never appear: they are other people's secrets.
/// Hits and misses are metrics, not events.
/// </summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "Options reloaded")]
    public static partial void OptionsReloaded(ILogger logger);

    [LoggerMessage(2, LogLevel.Error, "Changed options ignored, the last sound ones stay in force: {Problem}")]
    public static partial void OptionsRejected(ILogger logger, string problem);

    [LoggerMessage(10, LogLevel.Information,
        "Model {Name} loaded: {Dimension} dimensions, window {Window} tokens, fingerprint {Fingerprint}")]
    public static partial void ModelLoaded(ILogger logger, string name, int dimension, int window, string fingerprint);

    [LoggerMessage(11, LogLevel.Information,
        "Verifier {File} loaded: trained with {Guards} guards, nothing below similarity {Floor} hits")]
    public static partial void VerifierLoaded(ILogger logger, string file, int guards, double floor);

    [LoggerMessage(12, LogLevel.Error,
        "The verifier did not answer ({Cause}): the lookup misses. Further failures of this minute are only counted")]
    public static partial void VerifierFailed(ILogger logger, string cause, Exception? exception);

    [LoggerMessage(13, LogLevel.Error,
        "The guard {Guard} threw {Exception}, which stops the hit. Further failures of this minute are only counted. "
            + "{StackTrace}")]
    public static partial void GuardFailed(ILogger logger, string guard, Type exception, string? stackTrace);

    [LoggerMessage(19, LogLevel.Error,
        "{Segments} files of the entry log are missing: their entries are lost. What was invalidated or replaced by them may be "
            + "served again: invalidate it again")]
    public static partial void LogSegmentsMissing(ILogger logger, long segments);

    [LoggerMessage(20, LogLevel.Warning,
        "The log keeps the layout that it was created with: pages of {PageSize} and segments of {SegmentSize} bytes")]
    public static partial void LogLayoutKept(ILogger logger, long pageSize, long segmentSize);

    [LoggerMessage(21, LogLevel.Information, "Recovering: {DoneMiB} of {TotalMiB} MiB of the entry log read")]
    public static partial void RecoveryProgress(ILogger logger, long doneMiB, long totalMiB);

    [LoggerMessage(22, LogLevel.Error,
        "The entry log is damaged in {Ranges} places: {Bytes} bytes skipped, their entries are lost. What was "
            + "invalidated or replaced by them may be served again: invalidate it again")]
    public static partial void LogDamageSkipped(ILogger logger, int ranges, long bytes);

    [LoggerMessage(23, LogLevel.Warning,
        "The entry log ends in {Bytes} bytes of an incomplete write behind address {Address}: cut off, and kept in {File}")]
    public static partial void LogTailCut(ILogger logger, long bytes, long address, string file);

    [LoggerMessage(24, LogLevel.Error, "{Entries} entries belong to partitions that the damaged log no longer names: dropped")]
    public static partial void OrphansDropped(ILogger logger, long entries);

    [LoggerMessage(25, LogLevel.Information,
        "Recovered {Entries} entries in {Partitions} partitions from {Records} records in {Seconds:0.00} s")]
    public static partial void Recovered(ILogger logger, long entries, int partitions, long records, double seconds);

    [LoggerMessage(26, LogLevel.Error, "The record at {Address} is damaged and is not served")]
    public static partial void RecordDamaged(ILogger logger, long address);

    [LoggerMessage(27, LogLevel.Error, "The record at {Address} cannot be read")]
    public static partial void RecordUnreadable(ILogger logger, long address, Exception exception);

    [LoggerMessage(28, LogLevel.Error,
        "The entry log can no longer be committed: stores are refused until the server is restarted, lookups go on")]
    public static partial void CommitFailed(ILogger logger, Exception exception);

    [LoggerMessage(29, LogLevel.Error,
        "The file that says where the entry log begins is damaged: it is taken to begin with its first segment")]
    public static partial void LogBeginDamaged(ILogger logger);

    [LoggerMessage(30, LogLevel.Information,
        "{Count} entries have no vector in memory: searches do not find them until it is read, or made by the present model")]
    public static partial void VectorsMissing(ILogger logger, long count);

    [LoggerMessage(31, LogLevel.Information,
        "{Left} entries have no vector in memory yet: {Read} were read from the log, {Embedded} embedded again")]
    public static partial void VectorsProgress(ILogger logger, long left, long read, long embedded);

    [LoggerMessage(32, LogLevel.Information,
        "All entries have their vectors in {Seconds:0.00} s: {Read} were read from the log, {Embedded} embedded again")]
    public static partial void VectorsComplete(ILogger logger, double seconds, long read, long embedded);

    [LoggerMessage(33, LogLevel.Information,
        "Snapshot of {Entries} entries, {Bytes} bytes, loaded in {Seconds:0.00} s; the log is read from address {Address} on")]
    public static partial void EntrySnapshotLoaded(ILogger logger, long entries, long bytes, double seconds, long address);

    [LoggerMessage(34, LogLevel.Warning, "The snapshot of entries is not used, the whole log is read: {Reason}")]
    public static partial void EntrySnapshotRejected(ILogger logger, string reason);

    [LoggerMessage(35, LogLevel.Information, "Snapshot of {Entries} entries saved: {Bytes} bytes, in {Seconds:0.00} s")]
    public static partial void EntrySnapshotSaved(ILogger logger, long entries, long bytes, double seconds);

    [LoggerMessage(36, LogLevel.Warning, "The entries could not be saved; the next start may take longer")]
    public static partial void EntrySnapshotFailed(ILogger logger, Exception exception);

    [LoggerMessage(37, LogLevel.Error, "{Entries} entries are lost: the log's files that held them are missing or too short")]
    public static partial void EntriesLost(ILogger logger, int entries);

    [LoggerMessage(38, LogLevel.Information,
        "{Entries} entries of the snapshot are not in the log any more: it was truncated since, and they were removed or replaced")]
    public static partial void EntriesTruncated(ILogger logger, int entries);

    [LoggerMessage(39, LogLevel.Warning, "Giving entries their vectors was interrupted with {Left} left; it goes on in {Seconds} s")]
    public static partial void VectorsInterrupted(ILogger logger, long left, double seconds, Exception exception);

    [LoggerMessage(53, LogLevel.Warning,
        "{Entries} entries have no vector: their records cannot be read, or their prompts not be embedded. Only exact lookups "
        + "find them; they are tried again now and then")]
    public static partial void VectorsNotToBeHad(ILogger logger, long entries, Exception? exception);

    [LoggerMessage(54, LogLevel.Warning, "Vectors of the snapshot are damaged and are read from the log: {Reason}")]
    public static partial void SavedVectorsDamaged(ILogger logger, string reason);

    [LoggerMessage(55, LogLevel.Error,
        "{Bytes} bytes of the entry log cannot be read: entries that stand there are lost unless a snapshot knows them; nothing behind is")]
    public static partial void LogPartsUnreadable(ILogger logger, long bytes, Exception exception);

    [LoggerMessage(56, LogLevel.Warning, "What is cut off the end of the entry log could not be kept")]
    public static partial void LogTailNotKept(ILogger logger, Exception exception);

    [LoggerMessage(57, LogLevel.Warning,
        "The entry log takes nothing at present: that entries were dropped is written in front of the next record")]
    public static partial void OrphansDroppedLater(ILogger logger);

    [LoggerMessage(40, LogLevel.Debug, "{Count} expired entries removed")]
    public static partial void ExpiredRemoved(ILogger logger, int count);

    [LoggerMessage(41, LogLevel.Error, "Expired entries could not be removed; it is tried again in the next turn")]
    public static partial void SweepFailed(ILogger logger, Exception exception);

    [LoggerMessage(42, LogLevel.Error, "{Part} could not be stopped in order; what follows it is stopped all the same")]
    public static partial void StopFailed(ILogger logger, string part, Exception exception);

    [LoggerMessage(51, LogLevel.Information, "The cache is ready; its data is in {Path}")]
    public static partial void Ready(ILogger logger, string path);

    [LoggerMessage(52, LogLevel.Information,
        "The vector indexes are complete: {Entries} entries were left to be linked, which took {Seconds:0.00} s")]
    public static partial void IndexesComplete(ILogger logger, long entries, double seconds);

    [LoggerMessage(60, LogLevel.Error,
        "A vector index could not be maintained: it is scanned, which is slower, until its graph is made anew")]
    public static partial void IndexMaintenanceFailed(ILogger logger, Exception exception);

    [LoggerMessage(61, LogLevel.Error, "Searches are not compared with exact scans any more: recall is unknown from now on")]
    public static partial void RecallProbeFailed(ILogger logger, Exception exception);

    [LoggerMessage(70, LogLevel.Information, "Graph of partition {Partition} saved: {Nodes} nodes, {Bytes} bytes, in {Seconds:0.00} s")]
    public static partial void SnapshotSaved(ILogger logger, string partition, int nodes, long bytes, double seconds);

    [LoggerMessage(71, LogLevel.Information,
        "Graph of partition {Partition} loaded in {Seconds:0.00} s: {Entries} entries, {Backlog} nodes to be linked or taken out")]
    public static partial void SnapshotLoaded(ILogger logger, string partition, int entries, int backlog, double seconds);

    [LoggerMessage(72, LogLevel.Warning, "The saved graph of partition {Partition} is not used and built anew: {Reason}")]
    public static partial void SnapshotRejected(ILogger logger, string partition, string reason);

    [LoggerMessage(73, LogLevel.Warning, "The graph of partition {Partition} could not be saved; the next start may take longer")]
    public static partial void SnapshotFailed(ILogger logger, string partition, Exception exception);

    [LoggerMessage(90, LogLevel.Information,
        "Budgets: {Memory} bytes of memory, {HotResponses} of them for responses at hand, and {Disk} bytes of disk")]
    public static partial void BudgetsInForce(ILogger logger, long memory, long hotResponses, long disk);

    [LoggerMessage(91, LogLevel.Warning, "Nothing is evicted while the entry log takes nothing: {Problem}")]
    public static partial void EvictionRests(ILogger logger, string problem);

    [LoggerMessage(92, LogLevel.Warning,
        "{Option} is exceeded with nothing left to evict: {Used} bytes are used, {Allowed} are for entries")]
    public static partial void NothingToEvict(ILogger logger, string option, long used, long allowed);

    [LoggerMessage(93, LogLevel.Warning, "How many bytes snapshots take could not be measured")]
    public static partial void SnapshotsNotMeasured(ILogger logger, Exception exception);

    [LoggerMessage(63, LogLevel.Warning,
        "Snapshots take {Bytes} bytes of SemCache:Storage:DiskBudget, {Disk}: the budget is not kept, for the log takes up to {LogDisk}")]
    public static partial void SnapshotsCrowdTheLog(ILogger logger, long bytes, long disk, long logDisk);

    [LoggerMessage(94, LogLevel.Error, "Entries could not be evicted; it is tried again in {Rest}")]
    public static partial void EvictionFailed(ILogger logger, TimeSpan rest, Exception exception);

    [LoggerMessage(74, LogLevel.Warning, "Saved graphs that nobody needs could not be deleted")]
    public static partial void SnapshotsNotTidied(ILogger logger, Exception exception);

    [LoggerMessage(80, LogLevel.Error,
        "The device of the entry log is full ({Reason}): stores are refused until space returns, lookups go on")]
    public static partial void DeviceFull(ILogger logger, string reason);

    [LoggerMessage(81, LogLevel.Error,
        "The entry log cannot be written ({Reason}): stores are refused until it can, lookups go on; it is tried all the time")]
    public static partial void DeviceFailing(ILogger logger, string reason);

    [LoggerMessage(82, LogLevel.Information, "The entry log is written again after {Seconds:0.00} s: nothing was left out")]
    public static partial void DeviceRecovered(ILogger logger, double seconds);

    [LoggerMessage(83, LogLevel.Error,
        "The entry log was closed while it could not be written ({Reason}): {Records} records of {Bytes} bytes are lost. "
            + "{Acknowledged}")]
    public static partial void RecordsNotWritten(
        ILogger logger, string reason, int records, long bytes, string acknowledged);

    [LoggerMessage(84, LogLevel.Information, "The entry log's description was migrated from format version {From} to {To}")]
    public static partial void LogMigrated(ILogger logger, int from, int to);

    [LoggerMessage(85, LogLevel.Information,
        "Segment {Segment} of the log compacted in {Seconds:0.00} s: {Entries} entries, {Bytes} bytes, were written again")]
    public static partial void SegmentCompacted(ILogger logger, long segment, double seconds, long entries, long bytes);

    [LoggerMessage(86, LogLevel.Information, "Segment {Segment} of the log deleted: nothing in it was of use any more")]
    public static partial void SegmentDropped(ILogger logger, long segment);

    [LoggerMessage(87, LogLevel.Error,
        "The record at {Address} is damaged: its entry {EntryId} is lost, and removed as its segment is compacted")]
    public static partial void EntryLostToDamage(ILogger logger, long address, Guid entryId);

    [LoggerMessage(88, LogLevel.Error,
        "The record at {Address} with the vector of entry {EntryId} is damaged: the entry is only matched exactly until it is embedded again")]
    public static partial void VectorLostToDamage(ILogger logger, long address, Guid entryId);

    [LoggerMessage(79, LogLevel.Warning,
        "Segment {Segment} of the log counted {Bytes} live bytes although nothing stands in it: the figure is put right")]
    public static partial void LiveBytesWrong(ILogger logger, long segment, long bytes);

    [LoggerMessage(89, LogLevel.Error, "The log could not be compacted; it is tried again in {Rest}")]
    public static partial void CompactionFailed(ILogger logger, TimeSpan rest, Exception exception);
}
