using System.Numerics.Tensors;
using SemCache.Core.Partitions;
using SemCache.Core.Storage;
using SemCache.Peers.Data;

namespace SemCache.IndexBench.Partitions;

/// <summary>The entries of a tenant: prompts about the same few things. The same ones for every layout.</summary>
internal sealed class TenantEntries(int dimension)
{
    private const int RecordBytes = 2_000;
    private const double Spread = 0.7;

    private readonly float[] _centre = new float[dimension];
    private readonly float[] _vector = new float[dimension];

    /// <summary>Stores a tenant's entries in a partition.</summary>
    public void Apply(int tenant, int count, Partition partition)
    {
        var random = new NormalSource(tenant);
        random.Fill(_centre, 1);
        for (int i = 0; i < count; i++)
        {
            random.Fill(_vector, Spread);
            TensorPrimitives.Add(_vector, _centre, _vector);
            TensorPrimitives.Divide(_vector, TensorPrimitives.Norm<float>(_vector), _vector);
            Entry entry = New(((long)tenant * count) + i, partition);
            lock (partition.Gate)
            {
                partition.Apply(entry, _vector);
            }
        }
    }

    private static Entry New(long number, Partition partition)
    {
        var id = Guid.NewGuid();
        return new Entry
        {
            Id = id,
            TextHash = UInt128.Parse(id.ToString("N"), System.Globalization.NumberStyles.HexNumber, null),
            Location = new LogLocation(number * RecordBytes, RecordBytes),
            CreatedAt = DateTimeOffset.UnixEpoch,
            ExpiresAt = DateTimeOffset.MaxValue,
            Tags = [],
            Partition = partition,
        };
    }
}
