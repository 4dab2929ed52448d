using SemCache.LoadTest.Loops;
using Spectre.Console;

namespace SemCache.LoadTest.Reporting;

/// <summary>Shows second by second how a loop is getting on, where it does not get into the way of the figures.</summary>
internal static class LiveProgress
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    /// <summary>Waits for the loop.</summary>
    public static async Task WatchAsync(LoopRecord record, Task loop)
    {
        if (Console.IsErrorRedirected)
        {
            // Nobody watches a file; a line a second would bury what else is said.
            await loop;
            return;
        }

        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        await console.Status().StartAsync("Warming up", async status =>
        {
            long before = 0;
            while (await Task.WhenAny(loop, Task.Delay(_interval)) != loop)
            {
                Tally all = record.Merged();
                if (all.Answered.Count + all.Failed > 0)
                {
                    status.Status(Markup.Escape(Describe(all, all.Answered.Count - before)));
                }

                before = all.Answered.Count;
            }
        });
        await loop;
    }

    private static string Describe(Tally all, long answers)
    {
        Quantiles latency = all.Answered.ToQuantiles();
        return $"{Report.Number(answers)}/s, p50 {Report.Number(latency.P50)} µs, p99 {Report.Number(latency.P99)} µs, "
            + $"{Report.Number(all.Wrong)} wrong, {Report.Number(all.Failed)} failed";
    }
}
