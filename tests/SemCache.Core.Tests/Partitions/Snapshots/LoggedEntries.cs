using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using SemCache.Core.Diagnostics;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Core.Partitions.Snapshots;
using SemCache.Core.Prompts;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Partitions.Snapshots;

/// <summary>Partitions over a log of small segments, as the cache uses them, and started as the cache starts.</summary>
internal sealed class LoggedEntries : IAsyncDisposable
{
    public const int Dimension = 8;
    public static readonly UInt128 Model = 1;
    public static readonly UInt128 OtherModel = 2;
    public static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly StorageOptions _options = new()
    {
        Durability = Durability.None,
        PageSize = 64 << 10,
        MemorySize = 256 << 10,
        SegmentSize = 64 << 10,
    };

    private LoggedEntries(EntryLog log, UInt128 model, CollectedLogs logs)
    {
        Log = log;
        Logs = logs;
        Ids = new EntryIds();
        var index = new IndexContext(Dimension, log, new IndexMaintenance(1, _ => { }));
        SemCacheMetrics metrics = TestModels.NewMetrics();
        Registry = new PartitionRegistry(
            new LimitsOptions(),
            metrics,
            index,
            log.Usage,
            _ => TestSettings.Of(IndexSettings.Default with { FlatEntries = 1_000_000 }));
        Snapshots = new EntrySnapshots(Registry, log, Ids, model, Dimension, metrics, logs.CreateLogger(""));
    }

    public EntryLog Log { get; }

    public CollectedLogs Logs { get; }

    public EntryIds Ids { get; }

    public PartitionRegistry Registry { get; }

    public EntrySnapshots Snapshots { get; }

    public static LoggedEntries Start(string folder, UInt128? model = null, Action? onBlock = null)
    {
        var log = EntryLog.Open(folder, _options, 0, TestModels.NewMetrics(), NullLogger<EntryLog>.Instance);
        var entries = new LoggedEntries(log, model ?? Model, new CollectedLogs());
        var recovery = new Recovery(entries.Registry, entries.Ids, model ?? Model, Now);
        long from = entries.Snapshots.Load(recovery, (_, _) => onBlock?.Invoke(), default);
        log.Recover(recovery, from, (_, _) => { }, default);
        entries.Snapshots.DropLost();
        entries.Snapshots.LoadVectors(default);
        Assert.Empty(recovery.OrphanedEntries);
        return entries;
    }

    public Partition PartitionOf(int number) => Registry.GetOrAdd(new PartitionIdentity(
        $"ns{number % 2}", CanonicalScope.Of([new KeyValuePair<string, string>("n", $"{number}")]), 0));

    /// <summary>Runs something under the gate of a partition that is in the registry, until the log has taken it.</summary>
    public async Task ChangeAsync(int partition, Func<Partition, bool> change)
    {
        while (true)
        {
            Partition current = PartitionOf(partition);
            lock (current.Gate)
            {
                if (!current.IsRetired && change(current))
                {
                    return;
                }
            }

            await Log.WaitForSpaceAsync(default);
        }
    }

    public Task PutAsync(int partition, int text, Random random) => ChangeAsync(partition, current =>
    {
        DateTimeOffset expires = random.Next(10) == 0 ? Now - TimeSpan.FromDays(1) : Now + TimeSpan.FromDays(1);
        var header = new PutHeader(current.Digest, Ids.Next(Now), (UInt128)text + 1, Now, expires);
        var usage = new Usage("m", 1, 2, text + 0.5, default, default, "stop");
        var content = new PutContent(
            Prompt.FromText($"{text}"), CachedResponse.FromText(new string('r', random.Next(2000))), usage, [$"t{text}", "é"]);
        float[] vector = random.Next(8) == 0 ? [] : TestEntries.RandomVector(random, Dimension);
        UInt128 model = random.Next(5) == 0 ? OtherModel : Model;
        if (!current.TryAppend(Log, Log.Codec.EncodePut(header, new StoredVector(model, vector), content), out LogLocation location))
        {
            return false;
        }

        Entry entry = Entry.Of(header, usage.Saved, location, content.Tags, current);
        entry.Hits = random.Next(100);
        entry.Rank = random.NextDouble();
        entry.Mark = (byte)random.Next(4);
        current.Apply(entry, model == Model ? vector : default);
        if (model != Model)
        {
            current.AwaitVector(entry);
        }

        return true;
    });

    public Task RemoveAsync(int partition, int text) => ChangeAsync(partition, current =>
        current.Find((UInt128)text + 1) is not { } entry
        || (current.TryAppend(Log, Log.Codec.EncodeRemove(current.Digest, [entry.Id]), out _) && current.Remove(entry)));

    public Task ReembedAsync(int partition, int text, Random random) => ChangeAsync(partition, current =>
    {
        if (current.Find((UInt128)text + 1) is not { } entry)
        {
            return true;
        }

        float[] vector = TestEntries.RandomVector(random, Dimension);
        byte[] record = Log.Codec.EncodeReembed(current.Digest, entry.Id, new StoredVector(Model, vector));
        if (!current.TryAppend(Log, record, out LogLocation location))
        {
            return false;
        }

        entry.ReembedAddress = location.Address;
        current.SetVector(entry, vector);
        return true;
    });

    /// <summary>Appends an entry's record again, as compaction does.</summary>
    public Task CopyAsync(Entry entry) => ChangeAsync(NumberOf(entry.Partition), current =>
    {
        if (entry.IsRemoved)
        {
            return true;
        }

        ReadOnlyMemory<byte> record = Log.Read(entry)!.Value;
        var header = new PutHeader(current.Digest, entry.Id, entry.TextHash, entry.CreatedAt, entry.ExpiresAt);
        byte[] copy = Log.Codec.EncodePut(header, Log.ReadVector(entry)!.Value, RecordCodec.DecodePutContent(record));
        if (!current.TryAppend(Log, copy, out LogLocation location))
        {
            return false;
        }

        current.Move(entry, location);
        return true;
    });

    /// <summary>Lets go of what has expired, without a record.</summary>
    public void Expire(int partition)
    {
        Partition current = PartitionOf(partition);
        lock (current.Gate)
        {
            foreach (Entry entry in current.Entries.Where(entry => entry.ExpiresAt <= Now).ToList())
            {
                current.Remove(entry);
            }
        }

        Registry.RetireIfEmpty(current);
    }

    /// <summary>Copies what is in the oldest segment, and lets go of the segment.</summary>
    public async Task CompactAsync()
    {
        long end = Log.BeginAddress + _options.SegmentSize;
        if (Log.TailSegment * _options.SegmentSize < end)
        {
            return;
        }

        foreach (Entry entry in Registry.Partitions.SelectMany(partition => partition.Entries))
        {
            if (entry.Location.Address < end || entry.ReembedAddress is > 0 and long address && address < end)
            {
                await CopyAsync(entry);
            }
        }

        await Log.CommitAsync(Log.AppendedUntil);
        Log.TruncateBefore(end);
    }

    /// <summary>All that is known of the entries that have not expired.</summary>
    public SortedDictionary<string, string> Describe()
    {
        var described = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (Entry entry in Registry.Partitions.SelectMany(partition => partition.Entries))
        {
            if (entry.ExpiresAt <= Now)
            {
                continue;
            }

            Assert.Same(entry, entry.Partition.Namespace.Find(entry.Id));
            string vector = entry.IndexSlot < 0
                ? $"{entry.IndexSlot}"
                : Convert.ToHexString(entry.Partition.Index.RowOf(entry, out float scale)) + scale;
            described[$"{entry.Partition.Identity.Namespace} {NumberOf(entry.Partition)} {entry.TextHash}"] =
                $"{entry.Id} {entry.Location} {entry.ReembedAddress} {entry.CreatedAt:O} {entry.ExpiresAt:O} "
                + $"{string.Join(',', entry.Tags)} {entry.Saving} {vector}";
        }

        return described;
    }

    public async ValueTask DisposeAsync() => await Log.DisposeAsync();

    private static int NumberOf(Partition partition) => int.Parse(
        partition.Identity.Scope.Attributes[0].Value, System.Globalization.CultureInfo.InvariantCulture);
}
