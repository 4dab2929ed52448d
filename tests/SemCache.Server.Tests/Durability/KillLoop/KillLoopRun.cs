using System.Diagnostics;
using System.Globalization;

namespace SemCache.Server.Tests.Durability.KillLoop;

/// <summary>One folder, eight writers, and a server that is killed over and over.</summary>
internal sealed class KillLoopRun
{
    private const int Writers = 8;

    private readonly string _folder;
    private readonly KillLoopSettings _settings;
    private readonly Random _random;
    private readonly KillWriter[] _writers;

    private long _ticket;
    private int _kills;

    public KillLoopRun(string folder, KillLoopSettings settings, int seed)
    {
        _folder = folder;
        _settings = settings;
        _random = new Random(seed);
        _writers =
        [
            .. Enumerable.Range(0, Writers).Select(number => new KillWriter(
                number,
                unchecked(seed + number),
                new WriterHistory(KillWriter.Prompts, () => Interlocked.Increment(ref _ticket)),
                settings.MayEvict)),
        ];
    }

    public int Stores => _writers.Sum(writer => writer.Stores);

    public int Removals => _writers.Sum(writer => writer.Removals);

    public int Hits => _writers.Sum(writer => writer.Hits);

    /// <summary>Acknowledged operations that a kill undid.</summary>
    public int Lost { get; private set; }

    /// <summary>Entries that were missing after a kill because they had been evicted.</summary>
    public int Evicted { get; private set; }

    public async Task RunAsync(int cycles, CancellationToken cancellationToken)
    {
        for (int cycle = 0; cycle < cycles; cycle++)
        {
            if (cycle % 4 == 0)
            {
                await ServerProcess.StartAndKillAsync(_folder, Within(50, 1_200), _settings.Arguments);
                _kills++;
            }

            await using ServerProcess server = await ServerProcess.StartAsync(_folder, _settings.Arguments);
            await CompareAsync(server);
            await WriteAndKillAsync(server, whileStopping: cycle % 4 == 2);
        }

        await using ServerProcess last = await ServerProcess.StartAsync(_folder, _settings.Arguments);
        await CompareAsync(last);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_kills} kills, {Stores} stores, {Removals} removals and {Hits} hits acknowledged; {Lost} lost, {Evicted} evicted");

    private TimeSpan Within(int least, int most) => TimeSpan.FromMilliseconds(_random.Next(least, most));

    private async Task WriteAndKillAsync(ServerProcess server, bool whileStopping)
    {
        using var killed = new CancellationTokenSource();
        Task[] writing = [.. _writers.Select(writer => Task.Run(() => writer.WriteAsync(server.Clients, killed.Token)))];
        Task failed = Task.WhenAny(writing);
        await Task.WhenAny(failed, Task.Delay(Within(30, 500)));

        // From here on a call may fail; one that still succeeds counts as acknowledged.
        await killed.CancelAsync();
        if (whileStopping)
        {
            server.RequestStop();
            await Task.Delay(Within(0, 200));
        }

        await server.KillAsync();
        _kills++;
        await Task.WhenAll(writing);
    }

    /// <summary>Holds what the server knows against the histories, and goes on from it.</summary>
    private async Task CompareAsync(ServerProcess server)
    {
        Answer[][] answers = await Task.WhenAll(_writers.Select(writer => writer.AskAsync(server.Clients)));
        WriterHistory[] histories = [.. _writers.Select(writer => writer.History)];
        IReadOnlyList<Cut>[] cuts = [.. histories.Select((history, i) => Explanations(history, answers[i]))];
        for (int i = 0; i < histories.Length; i++)
        {
            Assert.True(cuts[i].Count > 0, $"After kill {_kills} writer {i} finds:\n{histories[i].Explain(answers[i])}");
        }

        Cut[]? chosen = CommonCut.Find(histories, cuts);
        Assert.True(chosen is not null, $"After kill {_kills} operations are missing in front of others that are there.");
        for (int i = 0; i < histories.Length; i++)
        {
            Lost += Math.Max(0, histories[i].Acknowledged - chosen[i].Length);
            Evicted += chosen[i].Missing;
            histories[i].Settle(chosen[i].Length, answers[i], _settings.MayEvict);
        }
    }

    private Cut[] Explanations(WriterHistory history, Answer[] answers)
    {
        Cut[] cuts =
        [
            .. history.Cuts(answers, _settings.MayEvict)
                .Where(cut => _settings.MayLoseTheEnd || cut.Length >= history.Acknowledged),
        ];

        // What the call under way explains was not evicted.
        return [.. cuts.Where(cut => cut.Missing == cuts.Min(other => other.Missing))];
    }
}
