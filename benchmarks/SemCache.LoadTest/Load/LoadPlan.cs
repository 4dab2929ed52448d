namespace SemCache.LoadTest.Load;

/// <summary>What the options of `load` and `peers` ask for.</summary>
internal sealed record LoadPlan(
    int Connections,
    int InFlight,
    int Writers,
    int Seconds,
    int Warmup,
    int Rounds,
    int Entries,
    int ResponseBytes)
{
    /// <summary>The title of the figures.</summary>
    /// <param name="texts">Where the prompts come from.</param>
    public string Describe(string texts) =>
        $"{Connections} connections, {Entries:N0} entries, {texts} texts; "
        + $"median (min-max) of {Rounds} rounds of {Seconds} s; latencies in µs";
}
