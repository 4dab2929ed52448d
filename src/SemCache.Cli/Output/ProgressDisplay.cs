using Spectre.Console;

namespace SemCache.Cli.Output;

/// <summary>How far a long command is.</summary>
/// <param name="Done">Entries, or whatever the work counts, done so far.</param>
/// <param name="Fraction">Part of the work that is done, 0 to 1; null when nobody can tell.</param>
internal readonly record struct ProgressSnapshot(long Done, double? Fraction);

/// <summary>
/// Shows on standard error how far a long command is: a bar on a terminal, a line every few seconds elsewhere, nothing
/// when the output is for programs. It asks for the state now and then, so the work itself pays nothing for it.
/// </summary>
/// <param name="describe">Says how far and how fast the work is [default: entries, and entries a minute].</param>
internal sealed class ProgressDisplay(
    CliEnvironment environment, bool silent, Func<long, TimeSpan, string>? describe = null)
{
    private static readonly TimeSpan _barInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _lineInterval = TimeSpan.FromSeconds(5);

    private readonly Func<long, TimeSpan, string> _describe = describe ?? DescribeEntries;

    public Task RunAsync(string verb, Func<ProgressSnapshot> snapshot, Func<Task> work)
    {
        if (silent)
        {
            return work();
        }

        var console = environment.ErrorConsole.Profile;
        return console.Capabilities.Interactive && console.Out.IsTerminal
            ? RunWithBarAsync(verb, snapshot, work)
            : RunWithLinesAsync(verb, snapshot, work);
    }

    private Task RunWithBarAsync(string verb, Func<ProgressSnapshot> snapshot, Func<Task> work) =>
        environment.ErrorConsole.Progress()
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async context =>
            {
                var started = environment.Time.GetTimestamp();
                var bar = context.AddTask(verb, maxValue: 1);
                void Show()
                {
                    var (done, fraction) = snapshot();
                    bar.IsIndeterminate = fraction is null;
                    bar.Value = fraction ?? 0;
                    bar.Description = $"{verb} {_describe(done, environment.Time.GetElapsedTime(started))}";
                }

                await SampleAsync(work(), _barInterval, Show);
                Show();
            });

    private Task RunWithLinesAsync(string verb, Func<ProgressSnapshot> snapshot, Func<Task> work)
    {
        var started = environment.Time.GetTimestamp();
        return SampleAsync(work(), _lineInterval, () =>
        {
            var (done, fraction) = snapshot();
            var part = fraction is { } known ? $" ({Math.Floor(100 * known)} %)" : "";
            environment.Error.WriteLine($"{verb} {_describe(done, environment.Time.GetElapsedTime(started))}{part}");
        });
    }

    private async Task SampleAsync(Task work, TimeSpan interval, Action sample)
    {
        while (await Task.WhenAny(work, Task.Delay(interval, environment.Time)) != work)
        {
            sample();
        }

        await work;
    }

    private static string DescribeEntries(long entries, TimeSpan elapsed) =>
        $"{Humanized.Count(entries)} entries, {Humanized.Count(Rate.PerMinute(entries, elapsed))}/min";
}
