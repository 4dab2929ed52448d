using System.Globalization;

namespace SemCache.Server.Tests.Durability.KillLoop;

/// <summary>
/// Kills the server again and again: while it is written to, while it starts, while it stops. Whatever it acknowledged must
/// be there afterwards, byte for byte, and nothing may come back that was replaced, invalidated or expired.
/// </summary>
/// <remarks><c>SEMCACHE_KILL_CYCLES</c> is the number of kills of each test; <c>SEMCACHE_KILL_SEED</c> repeats a run.</remarks>
public sealed class KillLoopTests(ITestOutputHelper output)
{
    private static readonly int? _cycles = FromEnvironment("SEMCACHE_KILL_CYCLES");
    private static readonly int _seed = FromEnvironment("SEMCACHE_KILL_SEED") ?? Random.Shared.Next();

    [Fact]
    public async Task Kill_WithRoomForAll_LosesNothingThatWasAcknowledged()
    {
        KillLoopRun run = await RunAsync(8, KillLoopSettings.Roomy, TestContext.Current.CancellationToken);
        Assert.Equal(0, run.Lost);
    }

    [Fact]
    public async Task Kill_WithTightBudgets_LosesNothingButWhatWasEvicted()
    {
        KillLoopRun run = await RunAsync(8, KillLoopSettings.Tight, TestContext.Current.CancellationToken);
        Assert.Equal(0, run.Lost);
    }

    [Fact]
    public async Task Kill_WithPeriodicCommits_LosesTheEndOfTheLogAndNothingBeforeIt() =>
        await RunAsync(4, KillLoopSettings.Periodic, TestContext.Current.CancellationToken);

    private async Task<KillLoopRun> RunAsync(int cycles, KillLoopSettings settings, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var run = new KillLoopRun(folder.File("data"), settings, _seed);
        output.WriteLine($"SEMCACHE_KILL_SEED={_seed}");
        try
        {
            await run.RunAsync(_cycles ?? cycles, cancellationToken);
        }
        finally
        {
            output.WriteLine(run.ToString());
        }

        Assert.True(run.Stores > 0 && run.Removals > 0 && run.Hits > 0, "Too little was done to prove anything.");
        return run;
    }

    private static int? FromEnvironment(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value, CultureInfo.InvariantCulture) : null;
}
