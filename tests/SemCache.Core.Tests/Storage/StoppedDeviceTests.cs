using SemCache.Core.Storage;
using SemCache.Core.Tests.Support;

namespace SemCache.Core.Tests.Storage;

/// <summary>
/// The device stops at every single write of a run: the files that are left must hold every operation that was
/// acknowledged, and of every other one all or nothing.
/// </summary>
public sealed class StoppedDeviceTests
{
    private const int Clients = 3;
    private const int OperationsOfAClient = 14;
    private const int StartsAgainEvery = 5;

    private static readonly (string, string)[] _options =
    [
        ("Storage:PageSize", "65536"), ("Storage:MemorySize", "262144"), ("Storage:SegmentSize", "65536"),
        ("Limits:MaxResponseBytes", "16384"), ("Limits:MaxPromptBytes", "1024"), ("Limits:MaxScopeBytes", "1024"),
        ("Limits:MaxTags", "4"),
    ];

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    [InlineData(false, 3)]
    [InlineData(true, 4)]
    public async Task Recover_DeviceStoppedAtAnyWrite_HasWhatWasAcknowledgedAndNothingHalf(bool torn, int seed)
    {
        int cycles = 0;
        for (long write = 1; await CycleAsync(write, torn, (seed * 1000) + (int)write); write++)
        {
            cycles++;
        }

        // Fewer would mean that the runs were too short to meet anything.
        Assert.InRange(cycles, 10, int.MaxValue);
    }

    // False when the run ended before the write at which the device was to stop.
    private static async Task<bool> CycleAsync(long write, bool torn, int seed)
    {
        using var folder = new TemporaryFolder();
        using var left = new TemporaryFolder();
        (LogDeviceFactory factory, Func<FaultyDevice> device) =
            FaultyDevice.Prepare(faulty => faulty.StopAt(write, Unwritten.Hangs, torn));
        ModelClient[] clients = [.. Enumerable.Range(0, Clients).Select(i => new ModelClient($"client{i}", (seed * 31) + i))];
        await using (TestCache cache = await TestCache.StartOnAsync(folder.Path, factory, _options))
        {
            using var power = new CancellationTokenSource();
            Task run = Task.WhenAll(clients.Select(
                client => Task.Run(() => client.RunAsync(cache.Cache, OperationsOfAClient, power.Token))));
            bool stopped = await Task.WhenAny(run, device().Stopped) != run;
            if (stopped)
            {
                Copy(folder.Path, left.Path);
                await power.CancelAsync();
            }

            await run;
            device().LetGo();
            if (!stopped)
            {
                return false;
            }
        }

        await using TestCache again = await TestCache.StartAsync(left.Path, null, _options);
        foreach (ModelClient client in clients)
        {
            await client.CheckAsync(again.Cache);
        }

        if (write % StartsAgainEvery == 0)
        {
            await again.DisposeAsync();
            await StartAgainAsync(left.Path, clients);
        }

        return true;
    }

    // What recovery made of it goes on being written, and survives stops.
    private static async Task StartAgainAsync(string folder, ModelClient[] clients)
    {
        await using (TestCache cache = await TestCache.StartAsync(folder, null, _options))
        {
            await cache.StoreAsync("after", "power");
        }

        await using TestCache last = await TestCache.StartAsync(folder, null, _options);
        Assert.Equal("power", (await last.LookupAsync("after")).Entry!.Response.Text);
        foreach (ModelClient client in clients)
        {
            await client.CheckAsync(last.Cache);
        }
    }

    private static void Copy(string from, string to)
    {
        foreach (string file in Directory.EnumerateFiles(from))
        {
            if (Path.GetFileName(file) != "lock")
            {
                File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
            }
        }
    }
}
