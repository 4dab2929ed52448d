using SemCache.LoadTest.Targets;

namespace SemCache.LoadTest.Load;

/// <summary>One kind of call under one load, compared with another.</summary>
/// <param name="Target">What is called.</param>
/// <param name="InFlight">Calls in flight.</param>
/// <param name="Baseline">The call of the same sizes, with as many in flight, that does nothing.</param>
internal sealed record Scenario(ITarget Target, int InFlight, ITarget Baseline)
{
    /// <summary>How long nothing is measured afterwards: the server may not be done with what it was asked for.</summary>
    public TimeSpan Rest { get; init; }

    /// <summary>An empty call, compared with itself.</summary>
    public static Scenario Empty(ITarget ping, int inFlight) => new(ping, inFlight, ping);
}
