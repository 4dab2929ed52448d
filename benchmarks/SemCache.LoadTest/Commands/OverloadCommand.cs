using System.CommandLine;
using SemCache.LoadTest.Content;
using SemCache.LoadTest.Levels;
using SemCache.LoadTest.Loops;
using SemCache.LoadTest.Reporting;

namespace SemCache.LoadTest.Commands;

/// <summary>`overload`: what becomes of calls when more arrive than can be served.</summary>
internal static class OverloadCommand
{
    public static Command Create()
    {
        var levels = new LevelOptions(connections: 32, inFlight: 16, rounds: 3, KindTargets.Semantic);
        Option<int> factor = BenchOptions.Number("--factor", 3, 1, 100, "How many times the peak arrives.");
        Option<FileInfo> json = BenchOptions.Json();
        var command = new Command("overload", "Goodput, latencies and refusals when three times the peak arrives.");
        levels.AddTo(command);
        command.Add(factor);
        command.Add(json);
        command.SetAction(async (options, cancellation) =>
        {
            var errors = new ErrorSamples();
            double[] shares = [OverloadFigures.HalfLoad, options.GetValue(factor)];
            OverloadFigures[] figures = [.. (await levels.MeasureAsync(options, shares, errors, cancellation))
                .Select(kind => OverloadFigures.Of(kind[0], kind[1]))];

            OverloadFigures.Print(levels.Describe(options), figures);
            await Report.WriteJsonAsync(options.GetValue(json), new
            {
                Plan = levels.Read(options),
                Overload = figures,
                Errors = errors.Counts,
            });
            return errors.Conclude();
        });
        return command;
    }
}
