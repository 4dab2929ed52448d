using System.IO.Hashing;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace SemCache.Peers.Data;

/// <summary>The similarities of every query's nearest vectors, found by comparing it with every one in float32.</summary>
internal sealed class GroundTruth(DataSet data)
{
    /// <summary>How many nearest vectors of a query are known.</summary>
    public const int Depth = 10;

    // As many as stay in a core's cache while the vectors pass by.
    private const int QueriesTogether = 64;

    private readonly Lazy<UInt128> _dataHash = new(() => Hash<float>(data.Vectors.Values, data.Queries.Values));

    /// <summary>A row for each query: the similarities to its nearest, best first; −1 where there are no more.</summary>
    /// <param name="rows">The vectors that are in the index.</param>
    public Task<VectorTable> OfAsync(int[] rows) => CacheFolder.GetOrAddAsync(
        $"truth-{_dataHash.Value:x32}-{Hash<int>(rows, []):x32}", () => Task.Run(() => Search(rows)));

    private VectorTable Search(int[] rows)
    {
        var best = new VectorTable(data.Queries.Rows, Depth);
        best.Values.AsSpan().Fill(-1);
        int chunks = (data.Queries.Rows + QueriesTogether - 1) / QueriesTogether;
        Parallel.For(0, chunks, chunk =>
        {
            int first = chunk * QueriesTogether;
            int end = Math.Min(first + QueriesTogether, data.Queries.Rows);
            foreach (int row in rows)
            {
                ReadOnlySpan<float> vector = data.Vectors.Row(row);
                for (int query = first; query < end; query++)
                {
                    Insert(best.Row(query), TensorPrimitives.Dot(data.Queries.Row(query), vector));
                }
            }
        });
        return best;
    }

    private static void Insert(Span<float> best, float similarity)
    {
        if (similarity <= best[^1])
        {
            return;
        }

        int place = best.Length - 1;
        for (; place > 0 && best[place - 1] < similarity; place--)
        {
            best[place] = best[place - 1];
        }

        best[place] = similarity;
    }

    private static UInt128 Hash<T>(ReadOnlySpan<T> first, ReadOnlySpan<T> second)
        where T : unmanaged
    {
        var hash = new XxHash128();
        hash.Append(MemoryMarshal.AsBytes(first));
        hash.Append(MemoryMarshal.AsBytes(second));
        return hash.GetCurrentHashAsUInt128();
    }
}
