namespace SemCache.StorageBench.Eviction.Traces;

/// <summary>What a trace is like. The same plan makes the same trace.</summary>
/// <param name="Requests">Requests.</param>
/// <param name="Items">Items that are popular at a time.</param>
/// <param name="Skew">Exponent of the Zipf distribution that popular items are asked for by.</param>
/// <param name="OnceShare">Share of the requests that are for an item which nobody asks for again.</param>
/// <param name="Shifts">Times that the popularity shifts, evenly spread.</param>
/// <param name="ShiftShare">Share of the popular items, of all ranks, that a shift replaces by new ones.</param>
/// <param name="Seed">Seed of everything that is random.</param>
internal sealed record TracePlan(
    int Requests, int Items, double Skew, double OnceShare, int Shifts, double ShiftShare, int Seed);
