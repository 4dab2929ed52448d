using Spectre.Console;

namespace SemCache.Cli.Output;

/// <summary>How far a long command is.</summary>
/// <param name="Entries">Entries done so far.</param>
/// <param name="Fraction">Part of the work that is done, 0 to 1; null when nobody can tell.</param>
internal readonly record struct ProgressSnapshot(long Entries, double? Fraction);

/// <summary>
/// Shows on standard error how far a long command is: a bar on a terminal, a line every few seconds elsewhere, nothing
/// when the output is for programs. It asks for the state now and then, so the work itself pays nothing for it.
/// </summary>
internal sealed class ProgressDisplay(CliEnvironment environment, bool silent)
{
    private static readonly TimeSpan _barInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan _lineInterval = TimeSpan.FromSeconds(5);

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
                    var (entries, fraction) = snapshot();
                    bar.IsIndeterminate = fraction is null;
                    bar.Value = fraction ?? 0;
                    bar.Description = Describe(verb, entries, environment.Time.GetElapsedTime(started));
                }

                await SampleAsync(work(), _barInterval, Show);
                Show();
            });

    private Task RunWithLinesAsync(string verb, Func<ProgressSnapshot> snapshot, Func<Task> work)
    {
        var started = environment.Time.GetTimestamp();
        return SampleAsync(work(), _lineInterval, () =>
        {
            var (entries, fraction) = snapshot();
            var part = fraction is { } known ? $" ({Math.Floor(100 * known)} %)" : "";
            environment.Error.WriteLine(Describe(verb, entries, environment.Time.GetElapsedTime(started)) + part);
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

    private static string Describe(string verb, long entries, TimeSpan elapsed) =>
        $"{verb} {Humanized.Count(entries)} entries, {Humanized.Count(Rate.PerMinute(entries, elapsed))}/min";
}
