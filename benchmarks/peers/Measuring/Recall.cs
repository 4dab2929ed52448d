using System.Numerics.Tensors;
using SemCache.Peers.Data;

namespace SemCache.Peers.Measuring;

/// <summary>How much of the truth a peer found.</summary>
/// <remarks>
/// A found row counts when its true similarity reaches that of the query's k-th nearest, so it does not matter which one of
/// several equal vectors is found. A row that is found twice counts once; one that is not in the index, never.
/// </remarks>
internal static class Recall
{
    // Far below what tells two texts apart, far above the rounding of a float32 sum.
    private const float Tolerance = 1e-6f;

    /// <summary>Recall at 1 and at k.</summary>
    /// <param name="data">Where vectors and queries are.</param>
    /// <param name="truth">What <see cref="GroundTruth"/> says for the rows that are in the index.</param>
    /// <param name="indexed">The rows that are in the index.</param>
    /// <param name="found">Rows found, k for each query, nearest first, −1 for none.</param>
    /// <param name="k">1 to <see cref="GroundTruth.Depth"/>.</param>
    public static (double At1, double AtK) Of(DataSet data, VectorTable truth, int[] indexed, int[] found, int k)
    {
        bool[] inIndex = new bool[data.Vectors.Rows];
        Array.ForEach(indexed, row => inIndex[row] = true);
        int there = Math.Min(k, indexed.Length);
        int first = 0;
        int all = 0;
        for (int query = 0; query < data.Queries.Rows; query++)
        {
            ReadOnlySpan<int> rows = found.AsSpan(query * k, k);
            ReadOnlySpan<float> nearest = truth.Row(query);
            first += Reaches(rows[0], nearest[0]) ? 1 : 0;
            for (int place = 0; place < k; place++)
            {
                all += !rows[..place].Contains(rows[place]) && Reaches(rows[place], nearest[there - 1]) ? 1 : 0;
            }

            bool Reaches(int row, float similarity) => row >= 0 && inIndex[row]
                && TensorPrimitives.Dot(data.Queries.Row(query), data.Vectors.Row(row)) >= similarity - Tolerance;
        }

        return ((double)first / data.Queries.Rows, (double)all / (there * data.Queries.Rows));
    }
}
