using System.Globalization;
using System.Numerics.Tensors;

namespace SemCache.Peers.Data;

/// <summary>
/// Clustered unit vectors with the shape of text embeddings: a few thousand clusters of uneven size that overlap, and
/// inside a cluster only a few dozen directions that matter.
/// </summary>
/// <remarks>
/// A cluster's centre lies partly in a space of <see cref="SharedDirections"/> directions that all centres share, as topics
/// do, and partly anywhere. A point is its centre, plus noise in the cluster's own <see cref="ClusterDirections"/>
/// directions, plus a little noise in every direction, normalised. Cluster <c>c</c> is as likely as
/// <c>(c + 1)^−<see cref="ZipfExponent"/></c>.
/// <para>Half the queries are stored points with a little noise (paraphrases), half are fresh points of the clusters.</para>
/// </remarks>
internal static class SyntheticData
{
    private const int MostClusters = 4000;
    private const int PointsPerCluster = 50;
    private const double ZipfExponent = 0.7;
    private const int SharedDirections = 48;
    private const int ClusterDirections = 24;
    private const double SharedLength = 0.75;
    private const double OwnLength = 0.66;
    private const double SmallestSpread = 0.4;
    private const double LargestSpread = 1.0;
    private const double NoiseLength = 0.2;
    private const double ParaphraseLength = 0.25;

    /// <summary>Generates a data set; the same one for the same arguments.</summary>
    /// <param name="entries">Entries of a fresh index. Half as many more vectors are made for the churn.</param>
    /// <param name="dimension">Components of a vector.</param>
    /// <param name="queries">Number of queries.</param>
    /// <param name="seed">Chooses the data set.</param>
    public static DataSet Generate(int entries, int dimension, int queries, int seed)
    {
        int rows = entries + (entries / 2);
        int fresh = queries / 2;
        var random = new NormalSource(seed);
        var shared = new VectorTable(SharedDirections, dimension);
        random.Fill(shared.Values, Math.Sqrt(SharedDirections));
        List<int>[] clusters = Clusters(rows + fresh, random);

        var points = new VectorTable(rows + fresh, dimension);
        Parallel.For(0, clusters.Length, cluster =>
            FillCluster(points, clusters[cluster], shared, new NormalSource(unchecked((seed * 1_000_003) + cluster + 1))));

        var asked = new VectorTable(queries, dimension);
        points.Values.AsSpan(rows * dimension).CopyTo(asked.Values);
        for (int query = fresh; query < queries; query++)
        {
            random.Fill(asked.Row(query), ParaphraseLength);
            ReadOnlySpan<float> stored = points.Row(random.NextInt(entries));
            TensorPrimitives.Add(asked.Row(query), stored, asked.Row(query));
            Normalise(asked.Row(query));
        }

        return new DataSet(
            $"synthetic-{entries}x{dimension}",
            string.Create(
                CultureInfo.InvariantCulture,
                $"{entries:N0} clustered vectors of {dimension} components in {clusters.Length:N0} clusters, seed {seed}"),
            new VectorTable(points.Values[..(rows * dimension)], dimension),
            entries,
            asked);
    }

    // The points of every cluster.
    private static List<int>[] Clusters(int points, NormalSource random)
    {
        int count = Math.Clamp(points / PointsPerCluster, 1, MostClusters);
        double[] upTo = new double[count];
        double sum = 0;
        for (int cluster = 0; cluster < count; cluster++)
        {
            sum += Math.Pow(cluster + 1, -ZipfExponent);
            upTo[cluster] = sum;
        }

        List<int>[] clusters = [.. Enumerable.Range(0, count).Select(_ => new List<int>())];
        for (int point = 0; point < points; point++)
        {
            int place = Array.BinarySearch(upTo, random.NextUniform() * sum);
            clusters[Math.Min(place < 0 ? ~place : place, count - 1)].Add(point);
        }

        return clusters;
    }

    private static void FillCluster(VectorTable points, List<int> members, VectorTable shared, NormalSource random)
    {
        int dimension = points.Dimension;
        float[] centre = new float[dimension];
        random.Fill(centre, OwnLength);
        AddCombination(centre, shared, SharedLength, random);
        var directions = new VectorTable(ClusterDirections, dimension);
        random.Fill(directions.Values, Math.Sqrt(ClusterDirections));
        double spread = SmallestSpread + ((LargestSpread - SmallestSpread) * random.NextUniform());
        foreach (int member in members)
        {
            Span<float> point = points.Row(member);
            random.Fill(point, NoiseLength);
            TensorPrimitives.Add(point, centre, point);
            AddCombination(point, directions, spread, random);
            Normalise(point);
        }
    }

    // Adds a random combination of directions of length 1; its expected length is `length`.
    private static void AddCombination(Span<float> point, VectorTable directions, double length, NormalSource random)
    {
        double scale = length / Math.Sqrt(directions.Rows);
        for (int direction = 0; direction < directions.Rows; direction++)
        {
            TensorPrimitives.MultiplyAdd(directions.Row(direction), (float)(scale * random.Next()), point, point);
        }
    }

    private static void Normalise(Span<float> vector) =>
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm(vector), vector);
}
