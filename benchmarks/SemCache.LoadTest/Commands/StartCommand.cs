using System.CommandLine;
using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Serving;
using SemCache.LoadTest.Starts;

namespace SemCache.LoadTest.Commands;

/// <summary>`start`: how soon a published server without entries answers its first lookup, next to another publication.</summary>
internal static class StartCommand
{
    private const string Server = "SemCache.Server.dll";

    public static Command Create()
    {
        Argument<DirectoryInfo[]> folders = new Argument<DirectoryInfo[]>("PUBLISHED")
        {
            Description = "Folders of published servers; all are compared with the first.",
            Arity = ArgumentArity.OneOrMore,
        }.AcceptExistingOnly();
        Option<int> rounds = CommonOptions.Count("--rounds", 7, "Rounds, after one more that is not counted.");
        Option<FileInfo> json = BenchOptions.Json();
        var command = new Command("start", "Seconds from the start of the process to the first answered lookup.")
        {
            folders, rounds, json,
        };
        command.SetAction(async (options, cancellation) =>
        {
            FileInfo[] programs = [.. options.GetRequiredValue(folders).Select(ProgramIn)];
            IReadOnlyList<StartTime> times =
                await StartRounds.RunAsync(programs, options.GetValue(rounds), cancellation);
            StartTime.Print(times);
            await Report.WriteJsonAsync(options.GetValue(json), times);
            return CommandRunner.Right;
        });
        return command;
    }

    private static FileInfo ProgramIn(DirectoryInfo folder)
    {
        var program = new FileInfo(Path.Combine(folder.FullName, Server));
        return program.Exists
            ? program
            : throw new NotMeasuredException($"{folder.FullName} is no published server: there is no {Server} in it.");
    }
}
