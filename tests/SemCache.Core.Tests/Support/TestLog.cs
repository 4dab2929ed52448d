using System.Globalization;
using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;
using SemCache.Core.Prompts;
using SemCache.Core.Storage;

namespace SemCache.Core.Tests.Support;

/// <summary>
/// An entry log of small segments with the entries that it holds, and none of the cache around it: no model, no requests.
/// </summary>
internal sealed class TestLog : IAsyncDisposable
{
    public const int Dimension = 32;
    public const long SegmentSize = 128 << 10;

    /// <summary>The embedder that the log is opened with.</summary>
    public static readonly UInt128 Present = 1;

    /// <summary>Another embedder.</summary>
    public static readonly UInt128 Former = 2;

    private readonly EntryIds _entryIds = new();
    private readonly IndexMaintenance _maintenance = new(1, _ => { });

    private readonly CanonicalScope _scope;

    private TestLog(string folder, int scopeBytes, LogDeviceFactory? devices)
    {
        Folder = folder;
        _scope = scopeBytes == 0
            ? CanonicalScope.Empty
            : CanonicalScope.Of([new KeyValuePair<string, string>("system", new string('s', scopeBytes))]);
        Options = new StorageOptions
        {
            PageSize = 64 << 10,
            MemorySize = 256 << 10,
            SegmentSize = SegmentSize,
            CompactionRate = 1L << 40,
        };
        SemCacheMetrics metrics = TestModels.NewMetrics();
        Logger = new LoggerFactory([Logs]).CreateLogger<EntryLog>();
        Log = EntryLog.Open(folder, Options, 64 << 10, metrics, Logger, devices);
        Registry = new PartitionRegistry(
            new LimitsOptions(),
            metrics,
            new IndexContext(Dimension, Log, _maintenance),
            Log.Usage,
            _ => Settings());
        Compactor = new Compactor(Log, Registry, Options, metrics, Logger);
        Copy = new SegmentCopy(Log, Registry, metrics, Logger);
    }

    /// <summary>Options of every namespace, as they are at the moment.</summary>
    public Func<NamespaceSettings> Settings { get; set; } = () => TestSettings.Of(IndexSettings.Default);

    public string Folder { get; }

    public StorageOptions Options { get; }

    public EntryLog Log { get; }

    public PartitionRegistry Registry { get; }

    public Compactor Compactor { get; }

    public SegmentCopy Copy { get; }

    public CollectedLogs Logs { get; } = new();

    public ILogger<EntryLog> Logger { get; }

    public IEnumerable<Entry> Entries => Registry.Namespaces.SelectMany(ns => ns.Entries);

    /// <summary>Bytes of the segments' files.</summary>
    public long FileBytes => Directory.GetFiles(Folder, "entries.log.*").Sum(path => new FileInfo(path).Length);

    /// <summary>Opens the log in a folder and recovers what it holds.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="scopeBytes">Bytes of the attribute that the scope of every partition has; 0 for no attribute.</param>
    /// <param name="devices">Makes the device; null for the folder's own files.</param>
    public static TestLog Open(string folder, int scopeBytes = 0, LogDeviceFactory? devices = null)
    {
        var log = new TestLog(folder, scopeBytes, devices);
        var recovery = new Recovery(log.Registry, log._entryIds, Present, TimeProvider.System.GetUtcNow());
        log.Log.Recover(recovery, from: 0, (_, _) => { }, CancellationToken.None);
        return log;
    }

    /// <summary>Stores an entry with a vector of its own in one of the partitions.</summary>
    public async Task<Entry> StoreAsync(
        int partition, int text, string response, UInt128? fingerprint = null, TimeSpan? ttl = null)
    {
        Partition owner = Registry.GetOrAdd(Identity(partition));
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        var header = new PutHeader(
            owner.Digest, _entryIds.Next(now), (UInt128)text, now, now + (ttl ?? TimeSpan.FromDays(1)));
        float[] vector = TestEntries.RandomVector(new Random(text), Dimension);
        var content = new PutContent(
            Prompt.FromText(text.ToString(CultureInfo.InvariantCulture)), CachedResponse.FromText(response), null, []);
        byte[] record = Log.Codec.EncodePut(header, new StoredVector(fingerprint ?? Present, vector), content);
        Entry? entry = null;
        await AppendAsync(owner, record, location =>
        {
            entry = Entry.Of(header, null, location, [], owner);
            owner.Apply(entry, fingerprint is null ? vector : default);
        });
        return entry!;
    }

    /// <summary>Removes an entry with a record.</summary>
    public Task RemoveAsync(Entry entry) => AppendAsync(
        entry.Partition,
        Log.Codec.EncodeRemove(entry.Partition.Digest, [entry.Id]),
        _ => entry.Partition.Remove(entry));

    /// <summary>Gives an entry a vector of the present embedder in a record of its own.</summary>
    public Task ReembedAsync(Entry entry, float[] vector) => AppendAsync(
        entry.Partition,
        Log.Codec.EncodeReembed(entry.Partition.Digest, entry.Id, new StoredVector(Present, vector)),
        location =>
        {
            entry.Partition.NoteReembedded(entry, location.Address);
            entry.Partition.SetVector(entry, vector);
        });

    /// <summary>Response of an entry by partition and text; null when there is none.</summary>
    public string? ResponseOf(int partition, int text) =>
        Registry.Find(Identity(partition))?.Find((UInt128)text) is { } entry && Log.Read(entry) is { } record
            ? RecordCodec.DecodePutContent(record).Response.Text
            : null;

    /// <summary>Everything that is live: id and response.</summary>
    public Dictionary<Guid, string?> Content() => Entries.ToDictionary(
        entry => entry.Id,
        entry => Log.Read(entry) is { } record ? RecordCodec.DecodePutContent(record).Response.Text : null);

    /// <summary>Live bytes of the log by segment, counted anew from the entries and their partitions.</summary>
    public Dictionary<long, long> CountLive()
    {
        var live = new Dictionary<long, long>();
        foreach (Entry entry in Entries)
        {
            Add(entry.Location);
            if (entry.ReembedAddress > 0)
            {
                Add(new LogLocation(entry.ReembedAddress, RecordCodec.ReembedBytes(Dimension)));
            }
        }

        foreach (Partition partition in Registry.Partitions.Where(partition => partition.DefinedAt >= 0))
        {
            byte[] definition = Log.Codec.EncodePartition(partition.Digest, partition.Identity);
            var location = new LogLocation(partition.DefinedAt, definition.Length);
            Assert.Equal(definition, Log.ReadOrThrow(location));
            Add(location);
        }

        return live;

        void Add(LogLocation record)
        {
            long segment = record.Address / SegmentSize;
            live[segment] = live.GetValueOrDefault(segment) + LogScanner.AlignedLength(record.Length);
        }
    }

    /// <summary>Copies the log's files as they are at the moment, as if the process had ended now.</summary>
    public void CopyTo(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (string path in Directory.GetFiles(Folder, "entries.*"))
        {
            using var from = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using FileStream to = File.Create(Path.Combine(folder, Path.GetFileName(path)));
            from.CopyTo(to);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Compactor.DisposeAsync();
        await _maintenance.DisposeAsync();
        await Log.DisposeAsync();
    }

    private async Task AppendAsync(Partition partition, byte[] record, Action<LogLocation> apply)
    {
        while (true)
        {
            lock (partition.Gate)
            {
                if (partition.TryAppend(Log, record, out LogLocation location))
                {
                    apply(location);
                    return;
                }
            }

            await Log.WaitForSpaceAsync(CancellationToken.None);
        }
    }

    private PartitionIdentity Identity(int partition) => new("test", _scope, (UInt128)partition);
}
