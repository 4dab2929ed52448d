using System.CommandLine;
using SemCache.LoadTest.Commands;
using SemCache.LoadTest.Reporting;
using SemCache.StorageBench.Appends;

namespace SemCache.StorageBench.Commands;

/// <summary>`appends`: durable stores a second next to raw FasterLog.</summary>
internal static class AppendsCommand
{
    /// <summary>Most writers at a time.</summary>
    public const int MostWriters = 1_024;
    private const int MostBytes = 1 << 20;

    public static Command Create()
    {
        Option<int[]> writers = Numbers("--writers", [1, 8, 64], MostWriters, "Writers at the same time, each numbers of them.");
        Option<int[]> bytes = Numbers("--bytes", [512, 4_096, 65_536], MostBytes, "Bytes of a response, each of them.");
        Option<int> seconds = CommonOptions.Count("--seconds", 3, "Seconds that each is measured in each round.");
        Option<int> rounds = CommonOptions.Count("--rounds", 5, "Rounds: in each, all ways are measured in turns.");
        var folder = new Option<DirectoryInfo>("--folder")
        {
            Description = "Where to write: the device makes the figures. Default: the folder for temporary files.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.GetTempPath()),
        }.AcceptExistingOnly();
        Option<FileInfo> json = BenchOptions.Json();
        var command = new Command("appends", "Durable appends a second and their latencies, next to raw FasterLog.")
        {
            writers, bytes, seconds, rounds, folder, json,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var plan = new AppendPlan(
                parse.GetRequiredValue(writers),
                parse.GetRequiredValue(bytes),
                parse.GetValue(seconds),
                parse.GetValue(rounds),
                parse.GetRequiredValue(folder).FullName);
            IReadOnlyList<AppendFigures> figures = await AppendRun.RunAsync(plan, cancellation);
            AppendTables.Print(figures);
            await Report.WriteJsonAsync(parse.GetValue(json), new { plan.Seconds, plan.Rounds, Appends = figures });
            return CommandRunner.Right;
        });
        return command;
    }

    private static Option<int[]> Numbers(string name, int[] values, int most, string description)
    {
        var option = new Option<int[]>(name)
        {
            Description = description,
            DefaultValueFactory = _ => values,
            AllowMultipleArgumentsPerToken = true,
        };
        option.Validators.Add(result =>
        {
            // What is no number at all is reported by the parser itself.
            if (result.Tokens.Any(token => int.TryParse(token.Value, out int number) && (number < 1 || number > most)))
            {
                result.AddError($"{name} must be 1 to {most}.");
            }
        });
        return option;
    }
}
