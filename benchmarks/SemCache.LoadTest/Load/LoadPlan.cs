namespace SemCache.LoadTest.Load;

/// <summary>What the options of `load` ask for.</summary>
internal sealed record LoadPlan(
    int Connections,
    int InFlight,
    int Writers,
    int Seconds,
    int Warmup,
    int Rounds,
    int Entries,
    int ResponseBytes);
