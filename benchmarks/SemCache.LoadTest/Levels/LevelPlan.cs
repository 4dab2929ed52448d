namespace SemCache.LoadTest.Levels;

/// <summary>What the options of `latency` and `overload` ask for.</summary>
/// <param name="Kinds">Kinds of calls, one after the other.</param>
/// <param name="Connections">HTTP/2 connections.</param>
/// <param name="InFlight">Calls in flight of the closed loop that finds the peak.</param>
/// <param name="Seconds">Length of one measurement.</param>
/// <param name="Warmup">Seconds of the same calls before it.</param>
/// <param name="Rounds">Rounds; medians are told.</param>
/// <param name="Entries">Entries in the namespace.</param>
/// <param name="ResponseBytes">Size of each response.</param>
internal sealed record LevelPlan(
    IReadOnlyList<string> Kinds,
    int Connections,
    int InFlight,
    int Seconds,
    int Warmup,
    int Rounds,
    int Entries,
    int ResponseBytes)
{
    // Keeps a server that answers nothing from filling this side's memory; below what the server takes of a connection, 256.
    private const int MostStreams = 100;

    /// <summary>Unanswered calls of the open loop beyond which none is sent.</summary>
    public int MostInFlight => Connections * MostStreams;
}
