using System.Collections.Concurrent;
using SemCache.Core.Indexing;
using SemCache.Core.Partitions;

namespace SemCache.Core.Tests.Support;

/// <summary>The vectors of test entries, in memory, by their address.</summary>
internal sealed class TestVectors : IExactVectors
{
    private readonly ConcurrentDictionary<long, float[]> _vectors = new();

    public float[] this[Entry entry]
    {
        get => _vectors[AddressOf(entry)];
        set => _vectors[AddressOf(entry)] = value;
    }

    /// <summary>From now on the entry's vector cannot be read.</summary>
    public void Forget(Entry entry) => _vectors.TryRemove(AddressOf(entry), out _);

    public bool TryRead(Entry entry, Span<float> vector)
    {
        if (!_vectors.TryGetValue(AddressOf(entry), out float[]? known))
        {
            return false;
        }

        known.CopyTo(vector);
        return true;
    }

    private static long AddressOf(Entry entry) =>
        entry.ReembedAddress > 0 ? entry.ReembedAddress : entry.Location.Address;
}
