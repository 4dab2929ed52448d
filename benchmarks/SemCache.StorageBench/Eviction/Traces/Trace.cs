namespace SemCache.StorageBench.Eviction.Traces;

/// <summary>Requests for items of unequal sizes whose misses cost unequally much.</summary>
/// <remarks>
/// Sizes and costs are log-normal and independent of each other and of the popularity: medians 2 kB and 1, standard
/// deviations of the logarithm 1 and 1.5. An answer of many tokens costs more than one of few, but what it costs a byte
/// depends on the model and on the prompt, which the cache does not see.
/// </remarks>
internal sealed class Trace
{
    private const double MedianBytes = 2000;
    private const double SpreadOfBytes = 1;
    private const double SpreadOfCosts = 1.5;
    private const int FewestBytes = 200;
    private const int MostBytes = 1 << 18;

    private readonly List<int> _bytes = [];
    private readonly List<float> _costs = [];

    private Trace(int requests) => Requests = new int[requests];

    /// <summary>The items asked for, in their order.</summary>
    public int[] Requests { get; }

    /// <summary>Items that are asked for at all, or might have been.</summary>
    public int Items => _bytes.Count;

    /// <summary>Bytes of all items that are asked for.</summary>
    public long WorkingSet => Requests.Distinct().Sum(item => (long)_bytes[item]);

    public int BytesOf(int item) => _bytes[item];

    /// <summary>What a hit saves.</summary>
    public float CostOf(int item) => _costs[item];

    public static Trace Generate(TracePlan plan)
    {
        var trace = new Trace(plan.Requests);
        var random = new Random(plan.Seed);
        double[] until = Zipf(plan.Items, plan.Skew);
        int[] popular = [.. Enumerable.Range(0, plan.Items).Select(_ => trace.NewItem(random))];
        int untilShift = plan.Requests / (plan.Shifts + 1);
        for (int i = 0; i < plan.Requests; i++)
        {
            if (i > 0 && i % untilShift == 0)
            {
                trace.Shift(popular, plan.ShiftShare, random);
            }

            trace.Requests[i] = random.NextDouble() < plan.OnceShare
                ? trace.NewItem(random)
                : popular[Rank(until, random.NextDouble() * until[^1])];
        }

        return trace;
    }

    private static double[] Zipf(int items, double skew)
    {
        double[] until = new double[items];
        double sum = 0;
        for (int rank = 0; rank < items; rank++)
        {
            until[rank] = sum += Math.Pow(rank + 1, -skew);
        }

        return until;
    }

    private static int Rank(double[] until, double point)
    {
        int found = Array.BinarySearch(until, point);
        return Math.Min(found < 0 ? ~found : found + 1, until.Length - 1);
    }

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    private int NewItem(Random random)
    {
        double bytes = MedianBytes * Math.Exp(SpreadOfBytes * Normal(random));
        _bytes.Add((int)Math.Clamp(bytes, FewestBytes, MostBytes));
        _costs.Add((float)Math.Exp(SpreadOfCosts * Normal(random)));
        return _bytes.Count - 1;
    }

    private void Shift(int[] popular, double share, Random random)
    {
        for (int rank = 0; rank < popular.Length; rank++)
        {
            if (random.NextDouble() < share)
            {
                popular[rank] = NewItem(random);
            }
        }
    }
}
