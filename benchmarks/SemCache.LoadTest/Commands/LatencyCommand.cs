using System.CommandLine;
using SemCache.LoadTest.Content;
using SemCache.LoadTest.Levels;
using SemCache.LoadTest.Loops;
using SemCache.LoadTest.Reporting;

namespace SemCache.LoadTest.Commands;

/// <summary>`latency`: how long callers wait, by how much of what the server can do is asked of it.</summary>
internal static class LatencyCommand
{
    private static readonly double[] _shares = [0.1, 0.25, 0.5, 0.75, 0.9, 1];

    public static Command Create()
    {
        var levels = new LevelOptions(connections: 8, inFlight: 16, rounds: 1, KindTargets.Exact, KindTargets.Semantic);
        Option<DirectoryInfo> plots = CommonOptions.Plots();
        Option<FileInfo> json = BenchOptions.Json();
        var command = new Command("latency", "Latencies of open loops at 10 to 100 % of the peak of a closed one.");
        levels.AddTo(command);
        command.Add(plots);
        command.Add(json);
        command.SetAction(async (options, cancellation) =>
        {
            var errors = new ErrorSamples();
            LevelSummary[] summaries = [.. (await levels.MeasureAsync(options, _shares, errors, cancellation))
                .SelectMany(kind => kind.Select(LevelSummary.Of))];

            LevelSummary.Print(levels.Describe(options), summaries);
            if (options.GetValue(plots) is { } folder)
            {
                LevelCharts.Write(summaries, folder);
            }

            await Report.WriteJsonAsync(options.GetValue(json), new
            {
                Plan = levels.Read(options),
                Levels = summaries,
                Errors = errors.Counts,
            });
            return errors.Conclude();
        });
        return command;
    }
}
