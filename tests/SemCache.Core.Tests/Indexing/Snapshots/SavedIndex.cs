using System.Numerics.Tensors;
using SemCache.Core.Indexing;
using SemCache.Core.Indexing.Snapshots;
using SemCache.Core.Indexing.Vectors;
using SemCache.Core.Partitions;
using SemCache.Core.Prompts;
using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Indexing.Snapshots;

/// <summary>An index of random vectors that can be saved, and restarted as recovery does it: the same entries, anew.</summary>
internal sealed class SavedIndex : IExactVectors
{
    public const int Dimension = 40;
    public const int M = 4;
    private const int RecordBytes = 100;

    public static readonly SnapshotIdentity Identity = new(1234, LogIdentity.Of(5678), 9, Dimension, M);

    private readonly Dictionary<Guid, float[]> _vectors = [];
    private readonly List<Entry> _entries = [];
    private readonly Random _random;
    private readonly Partition _partition;

    public SavedIndex(int seed = 1)
    {
        _random = new Random(seed);
        var context = new IndexContext(Dimension, this, new IndexMaintenance(1, _ => { }));
        var ns = new CacheNamespace("test", () => TestSettings.Of(new IndexSettings(M, EfConstruction: 40, EfSearch: 64, FlatEntries: 100)), new Holdings());
        _partition = new Partition(ns, new PartitionIdentity("test", CanonicalScope.Empty, 0), 9, context, new SegmentUsage(1 << 20));
    }

    public VectorIndex Index => _partition.Index;

    public Lock Gate => _partition.Gate;

    public IReadOnlyList<Entry> Entries => _entries;

    /// <summary>End of a log that holds all entries.</summary>
    public long LogTail { get; private set; } = 64;

    public static SavedIndex Filled(int count, int seed = 1)
    {
        var index = new SavedIndex(seed);
        index.AddMany(count);
        index.MaintainAll();
        return index;
    }

    /// <summary>What recovery makes of the log: other objects for the same entries, none linked.</summary>
    public SavedIndex Restarted()
    {
        var restarted = new SavedIndex(_random.Next()) { LogTail = LogTail };
        _entries.ForEach(entry => restarted.Add(entry.Id, entry.Location.Address, _vectors[entry.Id]));
        return restarted;
    }

    public void AddMany(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Add(Guid.NewGuid(), LogTail, TestEntries.RandomVector(_random, Dimension));
        }
    }

    public void Add(Guid id, long address, float[] vector)
    {
        var entry = new Entry
        {
            Id = id,
            TextHash = 0,
            Location = new LogLocation(address, RecordBytes),
            CreatedAt = default,
            ExpiresAt = DateTimeOffset.MaxValue,
            Tags = [],
            Partition = _partition,
        };
        lock (_vectors)
        {
            _vectors[id] = vector;
        }

        lock (Gate)
        {
            Index.Add(entry, vector);
        }

        LogTail = Math.Max(LogTail, address + RecordBytes);
        _entries.Add(entry);
    }

    public void RemoveAt(int place)
    {
        Entry entry = _entries[place];
        _entries.RemoveAt(place);
        lock (Gate)
        {
            entry.IsRemoved = true;
            Index.Remove(entry);
        }
    }

    public float[] VectorOf(Entry entry) => _vectors[entry.Id];

    public void MaintainAll()
    {
        while (Index.Maintain(threads: 1))
        {
        }
    }

    public byte[] Save(long? coveredUntil = null)
    {
        using var file = new MemoryStream();
        Index.Quiescent((linked, gate) => GraphSnapshot.Write(file, Identity, coveredUntil ?? LogTail, linked, gate));
        return file.ToArray();
    }

    /// <summary>Reads a snapshot and takes it over.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="wanted">What it has to belong to, if not this index.</param>
    /// <param name="onPrepared">Called before the gate is taken.</param>
    public bool TryLoad(byte[] snapshot, SnapshotIdentity? wanted = null, Action? onPrepared = null)
    {
        GraphSnapshot loaded = Read(snapshot, wanted, LogTail);
        var adoption = new GraphAdoption(loaded.Graph, loaded.Origins, _entries);
        if (!adoption.IsWorthwhile)
        {
            return false;
        }

        onPrepared?.Invoke();
        lock (Gate)
        {
            Index.Adopt(adoption);
        }

        return true;
    }

    public static GraphSnapshot Read(byte[] snapshot, SnapshotIdentity? wanted = null, long logTail = long.MaxValue)
    {
        using var file = new MemoryStream(snapshot);
        return GraphSnapshot.Read(file, wanted ?? Identity, logTail, efConstruction: 40);
    }

    /// <summary>The nearest, as ids and similarities.</summary>
    public (Guid Id, float Similarity)[] Search(float[] query, int count, int ef)
    {
        var nearest = new ScoredEntry[count];
        int found = Index.Search(query, -1, ef, nearest);
        return [.. nearest.Take(found).Select(scored => (scored.Entry.Id, scored.Similarity))];
    }

    /// <summary>The index holds the entries with their vectors, finds them, and nothing else.</summary>
    public void AssertFindsExactlyItsEntries()
    {
        Assert.Empty(Index.Validate().Problems);
        Assert.Equal(_entries.Count, Index.Count);
        AssertRowsAreTheirEntries();
        HashSet<Guid> present = [.. _entries.Select(entry => entry.Id)];
        foreach (Entry entry in _entries)
        {
            float[] vector = VectorOf(entry);
            (Guid Id, float Similarity)[] found = Search(vector, 10, ef: Index.Count);
            Assert.Equal(entry.Id, found[0].Id);
            Assert.Equal(1, found[0].Similarity, 1e-5);
            Assert.All(found, other => Assert.Contains(other.Id, present));
        }
    }

    private void AssertRowsAreTheirEntries() => Index.Quiescent((linked, _) =>
    {
        VectorArena arena = linked.Arena;
        byte[] row = new byte[arena.Stride];
        foreach (Entry entry in _entries)
        {
            Assert.Same(entry, arena.EntryOf(entry.IndexSlot));
            Assert.Equal(Quantizer.ToRow(VectorOf(entry), row), arena.Scale(entry.IndexSlot));
            Assert.Equal(row, arena.Row(entry.IndexSlot).ToArray());
        }

        return true;
    });

    /// <summary>The ten nearest are those of a comparison with all.</summary>
    public void AssertEqualsBruteForce(int queries)
    {
        for (int i = 0; i < queries; i++)
        {
            float[] query = TestEntries.RandomVector(_random, Dimension);
            IEnumerable<Guid> expected = _entries
                .OrderByDescending(entry => TensorPrimitives.Dot<float>(VectorOf(entry), query))
                .Take(10)
                .Select(entry => entry.Id);
            Assert.Equal(expected, Search(query, 10, ef: Index.Count).Select(found => found.Id));
        }
    }

    public bool TryRead(Entry entry, Span<float> vector)
    {
        lock (_vectors)
        {
            return _vectors[entry.Id].AsSpan().TryCopyTo(vector);
        }
    }
}
