using SemCache.LoadTest.Serving;
using SemCache.V1;

namespace SemCache.LoadTest.Load;

/// <summary>One kind of call, made over and over.</summary>
internal abstract class Scenario(string name)
{
    public string Name { get; } = name;

    /// <summary>Makes one call.</summary>
    /// <returns>What is wrong with the answer; null when it is right.</returns>
    public abstract Task<string?> CallAsync(ServerConnection connection, Random random, CancellationToken cancellation);
}

/// <summary>The empty call: what every other scenario pays for transport alone.</summary>
internal sealed class PingScenario() : Scenario("ping")
{
    private static readonly PingRequest _request = new();

    public override async Task<string?> CallAsync(
        ServerConnection connection, Random random, CancellationToken cancellation)
    {
        await connection.Admin.PingAsync(_request, cancellationToken: cancellation);
        return null;
    }
}

/// <summary>Lookups that all end the same way.</summary>
internal sealed class LookupScenario(string name, IReadOnlyList<Probe> probes) : Scenario(name)
{
    public override async Task<string?> CallAsync(
        ServerConnection connection, Random random, CancellationToken cancellation)
    {
        Probe probe = probes[random.Next(probes.Count)];
        LookupResponse answer = await connection.Cache.LookupAsync(probe.Request, cancellationToken: cancellation);
        return probe.Check(answer);
    }
}
