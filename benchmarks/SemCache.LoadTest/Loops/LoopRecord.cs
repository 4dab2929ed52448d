using SemCache.LoadTest.Targets;

namespace SemCache.LoadTest.Loops;

/// <summary>What a loop has recorded, while it runs and when it has ended.</summary>
internal sealed class LoopRecord(TargetMix mix, ErrorSamples errors)
{
    private readonly Tally[] _tallies = [.. mix.Targets.Select(_ => new Tally())];
    private Window _window;

    /// <summary>How late calls were sent.</summary>
    public Latencies Lag { get; } = new();

    /// <summary>Says when calls are measured; before that, none is.</summary>
    public void Open(Window window) => _window = window;

    /// <summary>Records a call. Errors count whenever they happen, figures only from the warm-up on.</summary>
    public void Add(int target, CallOutcome outcome, CallTimes times)
    {
        errors.Add(mix.Targets[target].Name, outcome);
        if (times.Due >= _window.From)
        {
            _tallies[target].Add(outcome, times);
        }
    }

    /// <summary>Records how late a call was sent.</summary>
    public void AddLag(CallTimes times)
    {
        if (times.Due >= _window.From)
        {
            Lag.Record(times.Lag);
        }
    }

    /// <summary>All targets as one.</summary>
    public Tally Merged() => Tally.Merge(_tallies);

    /// <summary>The figures of each target.</summary>
    public IReadOnlyList<CallFigures> ToFigures() =>
        [.. _tallies.Select((tally, i) => CallFigures.Of(mix.Targets[i].Name, tally, _window.From, _window.Until))];

    /// <summary>The figures of all targets together.</summary>
    public CallFigures ToTotal() => CallFigures.Of("all", Merged(), _window.From, _window.Until);
}
