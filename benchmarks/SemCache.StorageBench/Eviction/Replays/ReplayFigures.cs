namespace SemCache.StorageBench.Eviction.Replays;

/// <summary>What was hit of a trace, as shares of what was asked for.</summary>
/// <param name="Policy">Who chose the victims.</param>
/// <param name="BudgetShare">Budget, as a share of the working set.</param>
/// <param name="HitRate">Requests that hit.</param>
/// <param name="ByteHitRate">Bytes of these.</param>
/// <param name="CostSaved">Costs of these.</param>
/// <param name="NanosecondsARequest">Time of the replay for each request: look-up, store and eviction.</param>
internal sealed record ReplayFigures(
    string Policy, double BudgetShare, double HitRate, double ByteHitRate, double CostSaved, double NanosecondsARequest);
