using SemCache.Core.Indexing;
using SemCache.Core.Partitions;

namespace SemCache.Core.Tests.Support;

/// <summary>An index of random entries, with a graph from 65 of them on, whose vectors can be read back.</summary>
internal sealed class SmallIndex : IExactVectors
{
    public const int FlatEntries = 64;
    private const int Dimension = 32;

    private readonly Dictionary<Entry, float[]> _vectors = [];
    private readonly Random _random = new(1);
    private readonly Lock _gate = new();

    public SmallIndex(IndexMaintenance maintenance) => Index = new VectorIndex(
        new IndexContext(Dimension, this, maintenance), _gate, () => Settings, new ByteAccount());

    public VectorIndex Index { get; }

    public IndexSettings Settings { get; set; } = IndexSettings.Default with { FlatEntries = FlatEntries };

    public IReadOnlyDictionary<Entry, float[]> Vectors => _vectors;

    /// <summary>One whose graph is made and complete, by the calling thread.</summary>
    public static SmallIndex Linked(IndexMaintenance maintenance, int entries)
    {
        var small = new SmallIndex(maintenance);
        small.Add(entries);
        while (small.Index.Maintain(threads: 1))
        {
        }

        return small;
    }

    public void Add(int entries, DateTimeOffset createdAt = default)
    {
        for (int i = 0; i < entries; i++)
        {
            Add(TestEntries.RandomVector(_random, Dimension), createdAt);
        }
    }

    public Entry Add(float[] vector, DateTimeOffset createdAt = default)
    {
        Entry entry = TestEntries.New(createdAt);
        lock (_vectors)
        {
            _vectors.Add(entry, vector);
        }

        lock (_gate)
        {
            Index.Add(entry, vector);
        }

        return entry;
    }

    public void Remove(Entry entry)
    {
        lock (_gate)
        {
            entry.IsRemoved = true;
            Index.Remove(entry);
        }
    }

    public bool TryRead(Entry entry, Span<float> vector)
    {
        lock (_vectors)
        {
            _vectors[entry].CopyTo(vector);
        }

        return true;
    }
}
