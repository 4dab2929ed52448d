using SemCache.V1;

namespace SemCache.LoadTest.Serving;

/// <summary>Many calls whose speed is not what is measured: asking and checking what a server holds.</summary>
internal static class BulkCalls
{
    /// <summary>Looks everything up; the answers come in the order of the requests.</summary>
    public static Task<LookupResponse[]> LookupAllAsync(
        this ServerConnections connections,
        int concurrency,
        IReadOnlyList<LookupRequest> requests,
        CancellationToken cancellation) =>
        RunAllAsync(
            concurrency,
            requests.Count,
            (i, token) => LookupAsync(connections.For(i), requests[i], token),
            cancellation);

    /// <summary>Makes probes with the numbers 0 to <paramref name="count"/> - 1.</summary>
    /// <returns>What is wrong with each answer, in the order of the probes; null where nothing is.</returns>
    public static Task<string?[]> CheckAllAsync(
        this ServerConnections connections,
        int concurrency,
        int count,
        Func<int, Probe> probeOf,
        CancellationToken cancellation) =>
        RunAllAsync(
            concurrency,
            count,
            async (i, token) =>
            {
                // Probe and answer live for this call only: those of a large server together could fill memory.
                Probe probe = probeOf(i);
                return probe.Check(await LookupAsync(connections.For(i), probe.Request, token));
            },
            cancellation);

    private static async Task<LookupResponse> LookupAsync(
        ServerConnection connection, LookupRequest request, CancellationToken cancellation) =>
        await connection.Cache.LookupAsync(request, cancellationToken: cancellation);

    private static async Task<T[]> RunAllAsync<T>(
        int concurrency, int count, Func<int, CancellationToken, Task<T>> call, CancellationToken cancellation)
    {
        var results = new T[count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellation };
        await Parallel.ForAsync(0, count, parallel, async (i, token) => results[i] = await call(i, token));
        return results;
    }
}
