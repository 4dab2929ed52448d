using System.Diagnostics;
using Grpc.Core;
using SemCache.LoadTest.Serving;
using SemCache.V1;

namespace SemCache.LoadTest.Restart;

/// <summary>Seconds from the start of the process to the first of each.</summary>
internal sealed record StartTimes(double Ready, double ExactHit, double SemanticHit)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Asks all the time, from the start on, as the callers of a restarted server do.</summary>
    public static async Task<StartTimes> MeasureAsync(
        ServerProcess server,
        ServerConnections connections,
        Probe exact,
        Probe semantic,
        CancellationToken cancellation)
    {
        Task<double>[] firsts =
        [
            ReadyAsync(server, cancellation),
            FirstAsync(server, connections.For(0), exact, cancellation),
            FirstAsync(server, connections.For(1), semantic, cancellation),
        ];
        double[] seconds = await Task.WhenAll(firsts);
        return new StartTimes(seconds[0], seconds[1], seconds[2]);
    }

    private static async Task<double> ReadyAsync(ServerProcess server, CancellationToken cancellation)
    {
        await server.WaitUntilReadyAsync(cancellation);
        return SecondsSince(server.StartedAt);
    }

    private static async Task<double> FirstAsync(
        ServerProcess server, ServerConnection connection, Probe probe, CancellationToken cancellation)
    {
        while (!await IsAnsweredAsync(connection, probe, cancellation))
        {
            server.ThrowIfEnded();
            if (Stopwatch.GetElapsedTime(server.StartedAt) > ServerProcess.StartPatience)
            {
                throw new NotMeasuredException(
                    $"What was stored is still not found {ServerProcess.StartPatience.TotalMinutes} minutes after the start.");
            }

            await Task.Delay(_pause, cancellation);
        }

        return SecondsSince(server.StartedAt);
    }

    private static async Task<bool> IsAnsweredAsync(
        ServerConnection connection, Probe probe, CancellationToken cancellation)
    {
        try
        {
            LookupResponse answer =
                await connection.Cache.LookupAsync(probe.Request, cancellationToken: cancellation);
            return probe.Check(answer) is null;
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Unavailable)
        {
            return false;
        }
    }

    private static double SecondsSince(long timestamp) => Stopwatch.GetElapsedTime(timestamp).TotalSeconds;
}
