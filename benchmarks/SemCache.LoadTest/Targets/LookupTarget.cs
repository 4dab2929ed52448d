using SemCache.LoadTest.Serving;
using SemCache.V1;

namespace SemCache.LoadTest.Targets;

/// <summary>Lookups that all end the same way, some asked more often than others.</summary>
/// <param name="name">The name of the figures.</param>
/// <param name="connections">The server.</param>
/// <param name="probes">What is asked.</param>
/// <param name="popularity">How often each of them is.</param>
internal sealed class LookupTarget(
    string name, ServerConnections connections, IReadOnlyList<Probe> probes, Popularity popularity)
    : GrpcTarget(name, connections)
{
    /// <summary>Lookups that are all asked equally often.</summary>
    public LookupTarget(string name, ServerConnections connections, IReadOnlyList<Probe> probes)
        : this(name, connections, probes, new Popularity(probes.Count, skew: 0))
    {
    }

    protected override Task<CallOutcome> AskAsync(
        ServerConnection connection, Random random, CancellationToken cancellation)
    {
        Probe probe = probes[popularity.Next(random)];
        return EndAsync(
            connection.Cache.LookupAsync(probe.Request, cancellationToken: cancellation),
            probe,
            // Under load a verifier may be too slow. That is a lookup that failed, not a wrong answer.
            static (answer, probe) => answer.MissReason == MissReason.VerifierUnavailable
                ? CallOutcome.Failed($"{answer.MissReason}", "a miss")
                : CallOutcome.Answered(probe.Check(answer)),
            cancellation);
    }
}
