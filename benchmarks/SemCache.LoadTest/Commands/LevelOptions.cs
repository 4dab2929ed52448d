using System.CommandLine;
using SemCache.LoadTest.Content;
using SemCache.LoadTest.Levels;
using SemCache.LoadTest.Loops;
using SemCache.LoadTest.Serving;
using SemCache.LoadTest.Targets;

namespace SemCache.LoadTest.Commands;

/// <summary>The options of `latency` and `overload`, and what they have in common.</summary>
internal sealed class LevelOptions
{
    private readonly ServerTargetOptions _server = new();
    private readonly Option<string[]> _kinds;
    private readonly Option<int> _connections;
    private readonly Option<int> _inFlight;
    private readonly Option<int> _seconds = CommonOptions.Seconds("Length of one measurement.");
    private readonly Option<int> _warmup = CommonOptions.Warmup();
    private readonly Option<int> _rounds;
    private readonly Option<int> _entries = CommonOptions.Entries();
    private readonly Option<int> _bytes = CommonOptions.ResponseBytes();
    private readonly Option<FileInfo[]> _texts = CommonOptions.Texts();

    public LevelOptions(int connections, int inFlight, int rounds, params string[] kinds)
    {
        _connections = CommonOptions.Count("--connections", connections, "HTTP/2 connections.");
        _inFlight = CommonOptions.Count("--concurrency", inFlight, "Calls in flight of the closed loop that finds the peak.");
        _rounds = CommonOptions.Count("--rounds", rounds, "Rounds.");
        _kinds = CommonOptions.Kinds("Kinds of calls, one after the other.", KindTargets.All, kinds);
    }

    public void AddTo(Command command)
    {
        Option[] options = [_kinds, _connections, _inFlight, _seconds, _warmup, _rounds, _entries, _bytes, _texts];
        foreach (Option option in options)
        {
            command.Add(option);
        }

        _server.AddTo(command);
    }

    public LevelPlan Read(ParseResult options) => new(
        options.GetRequiredValue(_kinds), options.GetValue(_connections), options.GetValue(_inFlight),
        options.GetValue(_seconds), options.GetValue(_warmup), options.GetValue(_rounds), options.GetValue(_entries),
        options.GetValue(_bytes));

    /// <summary>What a table says of the circumstances.</summary>
    public string Describe(ParseResult options)
    {
        LevelPlan plan = Read(options);
        return $"Open loops, {plan.Connections} connections, {plan.Entries:N0} entries, "
            + $"{CommonOptions.NameTexts(options.GetRequiredValue(_texts))} texts; median (min-max) of {plan.Rounds} rounds of "
            + $"{plan.Seconds} s; times in µs";
    }

    /// <summary>Measures the shares of the peak, kind by kind.</summary>
    /// <returns>For each kind the figures of each share, one a round.</returns>
    public async Task<IReadOnlyList<IReadOnlyList<IReadOnlyList<LevelFigures>>>> MeasureAsync(
        ParseResult options, IReadOnlyList<double> shares, ErrorSamples errors, CancellationToken cancellation)
    {
        LevelPlan plan = Read(options);
        var corpus = new Corpus(
            CommonOptions.TakeTexts(options.GetRequiredValue(_texts), Corpus.TextsNeeded(plan.Entries)),
            plan.Entries, plan.ResponseBytes);
        await using ServerTarget server = _server.Open(options);
        using ServerConnections connections = await server.ConnectAsync(plan.Connections, cancellation);
        await using var filled = new FilledNamespace(connections, corpus);
        await filled.FillAsync(cancellation);
        var targets = new KindTargets(connections, corpus, filled, skew: 0);
        var measured = new List<IReadOnlyList<IReadOnlyList<LevelFigures>>>();
        foreach (string kind in plan.Kinds)
        {
            ITarget target = await targets.CreateAsync(kind, cancellation);
            measured.Add(await new LevelRun(target, plan, errors).RunAsync(shares, cancellation));
        }

        return measured;
    }
}
