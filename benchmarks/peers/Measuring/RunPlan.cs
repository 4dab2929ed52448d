namespace SemCache.Peers.Measuring;

/// <summary>How much is measured.</summary>
/// <param name="Peers">Names of the peers, in the order of their turns.</param>
/// <param name="Rounds">How often every peer's sweep is timed.</param>
/// <param name="Builds">In how many of the first rounds the index is built anew, once by all cores and once by one.</param>
/// <param name="PointSeconds">How long one point of a sweep is timed, once on one core and once on all.</param>
/// <param name="ChurnSteps">How often half the entries are replaced; 0 for no churn.</param>
/// <param name="GarnetEntries">Most entries that Garnet is measured with.</param>
/// <param name="Seed">Chooses synthetic vectors, held-out texts and victims of the churn.</param>
internal sealed record RunPlan(
    IReadOnlyList<string> Peers,
    int Rounds,
    int Builds,
    double PointSeconds,
    int ChurnSteps,
    int GarnetEntries,
    int Seed)
{
    /// <summary>
    /// Values of ef; only those from k on are asked for. Close together, since what reaches a recall is compared at one of
    /// them.
    /// </summary>
    public static IReadOnlyList<int> Efs { get; } =
        [4, 8, 10, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96, 128, 160, 200, 280, 400, 560, 800, 1200, 1800, 2700];

    /// <summary>How many nearest are asked for: one, as a cache would, and ten.</summary>
    public static IReadOnlyList<int> Ks { get; } = [1, 10];

    /// <summary>What "all cores" means.</summary>
    public static int AllCores => Environment.ProcessorCount;

    /// <summary>The points of a sweep.</summary>
    public static IEnumerable<(int K, int Ef)> Points(bool hasEf) =>
        Ks.SelectMany(k => hasEf ? Efs.Where(ef => ef >= k).Select(ef => (k, ef)) : [(k, 0)]);
}
