using System.Diagnostics;
using Grpc.Core;
using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Serving;

namespace SemCache.LoadTest.Starts;

/// <summary>Starts published servers in turn, each with an empty data folder.</summary>
internal static class StartRounds
{
    private const string Prompt = "What is the capital of France?";
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(2);

    /// <summary>Measures every program in every round.</summary>
    /// <exception cref="NotMeasuredException">A server ended by itself.</exception>
    public static async Task<IReadOnlyList<StartTime>> RunAsync(
        IReadOnlyList<FileInfo> programs, int rounds, CancellationToken cancellation)
    {
        List<double>[] seconds = [.. programs.Select(_ => new List<double>())];
        // Round 0 is not counted: this tool is still being compiled, and files are not in memory yet.
        for (int round = 0; round <= rounds; round++)
        {
            for (int i = 0; i < programs.Count; i++)
            {
                // The other way round in every second round: what follows an ending process is not always the same.
                int turn = round % 2 == 0 ? i : programs.Count - 1 - i;
                double time = await MeasureAsync(programs[turn], cancellation);
                Report.Progress($"Round {round}: {programs[turn].DirectoryName} {Report.Number(time, "N3")} s");
                if (round > 0)
                {
                    seconds[turn].Add(time);
                }
            }
        }

        return [.. programs.Select((program, i) => StartTime.Of(program.DirectoryName!, seconds[i], seconds[0]))];
    }

    private static async Task<double> MeasureAsync(FileInfo program, CancellationToken cancellation)
    {
        using var folder = new TemporaryFolder();
        await using var server = ServerProcess.Start(program, folder.Path);
        using var connections = new ServerConnections(server.GrpcAddress, 1);
        while (!await IsAnsweredAsync(connections.First, cancellation))
        {
            server.ThrowIfEnded();
            await Task.Delay(_pause, cancellation);
        }

        return Stopwatch.GetElapsedTime(server.StartedAt).TotalSeconds;
    }

    private static async Task<bool> IsAnsweredAsync(ServerConnection connection, CancellationToken cancellation)
    {
        try
        {
            await connection.Cache.LookupAsync(Requests.Lookup("", Prompt), cancellationToken: cancellation);
            return true;
        }
        catch (RpcException failure) when (failure.StatusCode == StatusCode.Unavailable)
        {
            // Not listening, or not recovered yet.
            return false;
        }
    }
}
