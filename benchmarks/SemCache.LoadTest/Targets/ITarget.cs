namespace SemCache.LoadTest.Targets;

/// <summary>One kind of call to one server or peer, made over and over; it checks its own answers.</summary>
/// <remarks>Safe for any number of callers at the same time.</remarks>
internal interface ITarget
{
    /// <summary>What the figures are called by.</summary>
    string Name { get; }

    /// <summary>What processors have worked for the other side so far; null where that is not known.</summary>
    TimeSpan? ServerTime => null;

    /// <summary>Makes one call.</summary>
    /// <param name="lane">Who calls. A target with several connections deals callers out over them by this number.</param>
    /// <param name="random">Where a choice of what to ask comes from.</param>
    /// <param name="cancellation">Ends the run, not the call.</param>
    /// <returns>What became of the call. Refusals and failures of the other side are outcomes, not exceptions.</returns>
    Task<CallOutcome> CallAsync(int lane, Random random, CancellationToken cancellation);
}
