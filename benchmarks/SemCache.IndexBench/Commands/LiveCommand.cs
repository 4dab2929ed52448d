using System.CommandLine;
using SemCache.Core.Indexing;
using SemCache.IndexBench.Live;
using SemCache.LoadTest.Reporting;

namespace SemCache.IndexBench.Commands;

/// <summary>`live`: a large index, searched while entries come and go.</summary>
internal static class LiveCommand
{
    public static Command Create()
    {
        Option<int> entries = BenchOptions.Number("--entries", 1_000_000, 1_000, int.MaxValue, "Entries of the index.");
        Option<int> dimension = CommonOptions.Dimension();
        Option<int> seconds = BenchOptions.Number(
            "--seconds", 60, 1, 86_400, "How long searches are timed, once without writes and once with them.");
        Option<int> writes = BenchOptions.Number(
            "--writes", 500, 1, 100_000, "Entries added, and as many removed, a second.");
        Option<int> ef = BenchOptions.Number(
            "--ef", IndexSettings.Default.EfSearch, 8, 4_096, "Candidates that a search keeps.");
        var threshold = new Option<float>("--threshold")
        {
            Description = "Similarity that makes a hit, -1 to 1.",
            DefaultValueFactory = _ => 0.9f,
        };
        Option<int> queries = BenchOptions.Number("--queries", 1_000, 10, 1_000_000, "Different queries.");
        Option<int> rounds = BenchOptions.Number(
            "--rounds", 15, 1, 10_000, "In how many rounds hits and misses are timed in turns.");
        Option<int> seed = CommonOptions.Seed();
        Option<FileInfo> json = BenchOptions.Json();
        var command = new Command("live", "Searches a large index while entries come and go.")
        {
            entries, dimension, seconds, writes, ef, threshold, queries, rounds, seed, json,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var plan = new LivePlan(
                parse.GetValue(entries), parse.GetValue(dimension), parse.GetValue(seconds), parse.GetValue(writes),
                parse.GetValue(ef), parse.GetValue(threshold), parse.GetValue(queries), parse.GetValue(rounds),
                parse.GetValue(seed));
            CommonOptions.RequireRoom(plan.Entries, plan.Dimension, plan.Queries);
            if (!(plan.Threshold is >= -1 and <= 1))
            {
                throw new NotMeasuredException("--threshold must be -1 to 1.");
            }

            LiveFigures figures = await LiveRun.RunAsync(plan, cancellation);
            LiveTables.Print(figures);
            await Report.WriteJsonAsync(parse.GetValue(json), figures);
            foreach (string problem in figures.Report.Problems)
            {
                Console.Error.WriteLine($"The graph is wrong: {problem}");
            }

            if (figures.MaintenanceFailure is { } failure)
            {
                Console.Error.WriteLine($"Maintenance failed: {failure}");
            }

            return figures.IsRight ? CommandRunner.Right : CommandRunner.Wrong;
        });
        return command;
    }
}
