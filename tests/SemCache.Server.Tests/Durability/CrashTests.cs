using System.Globalization;

namespace SemCache.Server.Tests.Durability;

/// <summary>
/// Kills the server again and again while it is written to. Whatever it acknowledged before a kill must be there, byte
/// for byte, after it.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    private const int Writers = 8;
    private const int Seed = 20260729;

    private static readonly int _cycles = int.Parse(
        Environment.GetEnvironmentVariable("SEMCACHE_CRASH_CYCLES") ?? "20", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Kill_WhileWriting_LosesNothingThatWasAcknowledged()
    {
        using var folder = new TemporaryFolder();
        var random = new Random(Seed);
        CrashWriter[] writers = [.. Enumerable.Range(0, Writers).Select(i => new CrashWriter(i, Seed + i))];
        for (int cycle = 0; cycle < _cycles; cycle++)
        {
            await using ServerProcess server = await ServerProcess.StartAsync(folder.File("data"));
            await VerifyAsync(server, writers);
            await WriteAndKillAsync(server, writers, TimeSpan.FromMilliseconds(random.Next(30, 600)));
        }

        await using ServerProcess last = await ServerProcess.StartAsync(folder.File("data"));
        await VerifyAsync(last, writers);
        long stores = writers.Sum(writer => writer.AcknowledgedStores);
        long removals = writers.Sum(writer => writer.AcknowledgedRemovals);
        output.WriteLine($"{_cycles} kills, {stores} acknowledged stores, {removals} acknowledged removals, none lost");
        Assert.True(stores > _cycles && removals > _cycles, "Too little was written to prove anything.");
    }

    private static Task VerifyAsync(ServerProcess server, CrashWriter[] writers) =>
        Task.WhenAll(writers.Select(writer => writer.VerifyAsync(server.Clients)));

    private static async Task WriteAndKillAsync(ServerProcess server, CrashWriter[] writers, TimeSpan after)
    {
        using var killed = new CancellationTokenSource();
        Task[] writing = [.. writers.Select(writer => Task.Run(() => writer.WriteAsync(server.Clients, killed.Token)))];
        await Task.Delay(after);

        // From here on a call may fail; one that still succeeds counts as acknowledged.
        await killed.CancelAsync();
        await server.KillAsync();
        await Task.WhenAll(writing);
    }
}
