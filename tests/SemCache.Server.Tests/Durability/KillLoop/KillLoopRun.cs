using System.Globalization;

namespace SemCache.Server.Tests.Durability.KillLoop;

/// <summary>One folder, eight writers, and a server that is killed over and over.</summary>
internal sealed class KillLoopRun
{
    private const int Writers = 8;
    private const int FewestTickets = 100;

    private readonly string _folder;
    private readonly KillLoopSettings _settings;
    private readonly Random _random;
    private readonly KillWriter[] _writers;

    private long _ticket;
    private int _kills;

    // Whether what is missing went while this server ran: how many a killed one has evicted nobody knows.
    private bool _isExplained;

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
            cancellationToken.ThrowIfCancellationRequested();
            if (cycle % 4 == 0)
            {
                await ServerProcess.StartAndKillAsync(_folder, Within(50, 1_200), _settings.Arguments);
                _kills++;
            }

            await using ServerProcess server = await ServerProcess.StartAsync(_folder, _settings.Arguments);
            await CompareAsync(server);
            if (cycle == 0)
            {
                await Task.WhenAll(_writers.Select(writer => writer.FillAsync(server.Clients)));
            }

            bool onlyRemovals = _settings.MayEvict && cycle % 2 == 1;
            if (onlyRemovals)
            {
                // From here on nothing has to go any more, and so nothing may be missing after the kill.
                await WriteAsync(server, cancellationToken);
                _isExplained = true;
                await CompareAsync(server);
            }

            await WriteAndKillAsync(server, onlyRemovals, whileStopping: cycle % 4 >= 2);
            _isExplained = onlyRemovals;
        }

        await using ServerProcess last = await ServerProcess.StartAsync(_folder, _settings.Arguments);
        await CompareAsync(last);
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{_kills} kills, {Stores} stores, {Removals} removals and {Hits} hits acknowledged; {Lost} lost, {Evicted} evicted");

    private TimeSpan Within(int least, int most) => TimeSpan.FromMilliseconds(_random.Next(least, most));

    private async Task WriteAsync(ServerProcess server, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] writing = Begin(server, onlyRemovals: false, stop.Token, CancellationToken.None);
        await WaitAsync(writing);
        await stop.CancelAsync();
        await Task.WhenAll(writing);
    }

    private async Task WriteAndKillAsync(ServerProcess server, bool onlyRemovals, bool whileStopping)
    {
        using var killed = new CancellationTokenSource();
        Task[] writing = Begin(server, onlyRemovals, CancellationToken.None, killed.Token);
        await WaitAsync(writing);

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

    private Task[] Begin(ServerProcess server, bool onlyRemovals, CancellationToken stop, CancellationToken killed) =>
    [
        .. _writers.Select(writer => Task.Run(
            () => writer.WriteAsync(server.Clients, onlyRemovals, stop, killed), CancellationToken.None)),
    ];

    // For a while, and long enough for something to happen on a machine that does other things as well.
    private async Task WaitAsync(Task[] writing)
    {
        long enough = Interlocked.Read(ref _ticket) + FewestTickets;
        await Task.WhenAny([Task.Delay(Within(30, 500)), .. writing]);
        while (Interlocked.Read(ref _ticket) < enough && !writing.Any(writer => writer.IsCompleted))
        {
            await Task.Delay(1);
        }
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
        int missing = chosen.Sum(cut => cut.Missing);
        if (missing > 0 && _isExplained)
        {
            long evicted = await EvictionCount.SettledAsync(server.Clients.Http);
            Assert.True(missing <= evicted, $"After kill {_kills} {missing} entries are missing, and {evicted} were evicted.");
        }

        Evicted += missing;
        for (int i = 0; i < histories.Length; i++)
        {
            Lost += Math.Max(0, histories[i].Acknowledged - chosen[i].Length);
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
