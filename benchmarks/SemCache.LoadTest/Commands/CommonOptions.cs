using System.CommandLine;
using SemCache.LoadTest.Texts;

namespace SemCache.LoadTest.Commands;

/// <summary>Options and arguments that several commands share, so that they mean the same in each.</summary>
internal static class CommonOptions
{
    public static Option<FileInfo> Texts() => new Option<FileInfo>("--texts")
    {
        Description = "JSON lines {\"text\"} or {\"a\"} to take the prompts from. Default: generated questions.",
        HelpName = "FILE",
    }.AcceptExistingOnly();

    public static Option<FileInfo> Start() => new Option<FileInfo>("--start")
    {
        Description = "Starts this SemCache.Server.dll on free ports with a temporary data folder.",
        HelpName = "DLL",
    }.AcceptExistingOnly();

    /// <summary>An option that holds a number of things, at least one.</summary>
    public static Option<int> Count(string name, int value, string description) =>
        BenchOptions.Number(name, value, 1, int.MaxValue, description);

    /// <summary>The prompts that the options ask for.</summary>
    public static IReadOnlyList<string> TakeTexts(FileInfo? file, int count) =>
        file is null ? QuestionGenerator.Take(count) : JsonLines.TakeTexts(file, count);
}
