using SemCache.Core.Partitions;
using SemCache.Core.Partitions.Snapshots;

namespace SemCache.Core.Storage.Checking;

/// <summary>
/// Reads the snapshot of entries and holds it against the log: a start trusts it for all that stands in front of the address
/// where it begins to replay. One that is damaged costs a start time. One that can be read knows of removals that the log
/// has lost to damage: what they removed is taken out of the log's entries here, so that a repair does not bring it back.
/// </summary>
internal sealed class EntrySnapshotCheck(string folder, LogIdentity identity, long logTail, ReadLog log, Findings findings)
{
    private readonly string _path = Path.Combine(folder, EntrySnapshots.FileName);
    private readonly HashSet<Guid> _known = [];
    private readonly Lock _gate = new();
    private long _gone;

    public void Run(CancellationToken cancellationToken)
    {
        if (!File.Exists(_path))
        {
            return;
        }

        try
        {
            using var file = EntrySnapshotFile.Open(_path, identity, cancellationToken);
            if (file.CapturedUntil > logTail)
            {
                Problem($"it knows the log up to address {file.CapturedUntil}, but the log ends at {logTail}");
            }

            file.ReadEntries((payload, _) => Read(payload.Span, file), cancellationToken);
            Compare(file.Format.ReplayFrom);
            // A start checks them when it reads them; here it is now.
            file.ReadRows(_ => { }, cancellationToken);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or ArgumentException)
        {
            Problem($"of no use: {exception.Message}");
        }
    }

    // Blocks are read by several threads.
    private void Read(ReadOnlySpan<byte> payload, EntrySnapshotFile file)
    {
        while (!payload.IsEmpty)
        {
            (int partition, int entries) = EntryBlock.ReadGroup(ref payload);
            EntrySnapshotFormat.Require(
                (uint)partition < (uint)file.Partitions.Count, $"it has entries of partition {partition}, which it does not name");
            UInt128 digest = file.Partitions[partition].Identity.Digest();
            for (int i = 0; i < entries; i++)
            {
                Entry entry = EntryBlock.Read(ref payload, null!, out _);
                lock (_gate)
                {
                    Compare(entry, digest, file.Format.ReplayFrom);
                }
            }
        }
    }

    private void Compare(Entry saved, UInt128 partition, long replayFrom)
    {
        if (!_known.Add(saved.Id))
        {
            Problem($"entry {saved.Id} is in it twice", saved.Location);
        }

        if (log.Book.Find(saved.Id) is not { } entry)
        {
            _gone++;
            return;
        }

        // Behind the address, the replay puts right what was saved too early.
        if (entry.Partition.Digest != partition || entry.TextHash != saved.TextHash
            || entry.ExpiresTicks != saved.ExpiresAt.UtcTicks
            || (entry.Location != saved.Location && entry.Location.Address < replayFrom))
        {
            Problem($"entry {saved.Id} is another one in the log, at address {entry.Location.Address}", saved.Location);
        }
    }

    private void Compare(long replayFrom)
    {
        CheckedEntry[] removed =
            [.. log.Live.Where(entry => entry.Location.Address < replayFrom && !_known.Contains(entry.Id))];
        foreach (CheckedEntry entry in removed)
        {
            Problem($"entry {entry.Id} was removed according to the snapshot; its removal is lost in the log", entry.Location);
            log.Book.Forget(entry);
        }

        if (_gone > 0)
        {
            findings.Note(
                EntrySnapshots.FileName,
                $"{_gone} of {_known.Count} entries were replaced or removed since, have expired, or are lost with their record");
        }
    }

    private void Problem(string text, LogLocation? location = null) =>
        findings.Problem(EntrySnapshots.FileName, text, location?.Address, location?.Length);
}
