namespace SemCache.LoadTest.Sizes;

/// <summary>What the options of `sizes` ask for.</summary>
/// <param name="Sizes">Numbers of entries, ascending; one server grows through them.</param>
/// <param name="Connections">HTTP/2 connections.</param>
/// <param name="InFlight">Calls in flight where throughput is measured.</param>
/// <param name="Seconds">Length of one measurement.</param>
/// <param name="Warmup">Seconds of the same calls before it.</param>
/// <param name="Rounds">Rounds at each size, after one more that is not counted.</param>
/// <param name="Probes">Rewordings asked at each size.</param>
/// <param name="ResponseBytes">Size of each response.</param>
internal sealed record SizePlan(
    IReadOnlyList<int> Sizes,
    int Connections,
    int InFlight,
    int Seconds,
    int Warmup,
    int Rounds,
    int Probes,
    int ResponseBytes);
