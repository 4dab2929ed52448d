using System.Diagnostics;
using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Serving;

namespace SemCache.LoadTest.Restart;

/// <summary>Starts a filled server again and again, by turns after a kill and after a clean stop.</summary>
/// <remarks>
/// The first start is to follow a kill: after a clean stop there might be files that spare a killed server its work.
/// </remarks>
internal sealed class Restarts(FileInfo program, TemporaryFolder folder, Filling filling, Probe semantic)
{
    // One for the first exact hit and one for the first semantic hit.
    private const int FewestConnections = 2;

    /// <summary>Starts the killed server; each round is two starts.</summary>
    public async Task<IReadOnlyList<StartFigures>> RunAsync(int rounds, CancellationToken cancellation)
    {
        var starts = new List<StartFigures>();
        for (int round = 0; round < rounds; round++)
        {
            starts.Add(await StartAsync("kill", StopAsync, cancellation));
            starts.Add(await StartAsync("clean stop", KillAsync, cancellation));
        }

        return starts;
    }

    private async Task<StartFigures> StartAsync(
        string after, Func<ServerProcess, Task<double?>> end, CancellationToken cancellation)
    {
        Report.Progress($"Starting after a {after}");
        await using ServerProcess server = ServerProcess.Start(program, folder.Path);
        using var connections =
            new ServerConnections(server.GrpcAddress, Math.Max(filling.Streams, FewestConnections));
        StartTimes times =
            await StartTimes.MeasureAsync(server, connections, filling.Exact, semantic, cancellation);
        int lost = await filling.CountLostAsync(connections, cancellation);
        long memory = await ResidentMemory.SettledAsync(server.Id, cancellation);
        return new StartFigures(after, times, memory, lost, await end(server));
    }

    private static async Task<double?> StopAsync(ServerProcess server)
    {
        long begin = Stopwatch.GetTimestamp();
        await server.StopAsync();
        return Stopwatch.GetElapsedTime(begin).TotalSeconds;
    }

    private static async Task<double?> KillAsync(ServerProcess server)
    {
        await server.KillAsync();
        return null;
    }
}
