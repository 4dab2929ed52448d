using System.CommandLine;
using System.Globalization;
using SemCache.LoadTest.Texts;

namespace SemCache.LoadTest.Commands;

/// <summary>Options and arguments that several commands share, so that they mean the same in each.</summary>
internal static class CommonOptions
{
    public static Option<FileInfo[]> Texts() => new Option<FileInfo[]>("--texts")
    {
        Description = "Files of JSON lines {\"text\"} or {\"a\"} to take the prompts from. Default: generated questions.",
        HelpName = "FILE",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [],
    }.AcceptExistingOnly();

    public static Option<FileInfo> Start() => new Option<FileInfo>("--start")
    {
        Description = "Starts this SemCache.Server.dll on free ports with a temporary data folder.",
        HelpName = "DLL",
    }.AcceptExistingOnly();

    public static Option<int> Connections() => Count("--connections", 4, "HTTP/2 connections.");

    public static Option<int> InFlight() => Count("--concurrency", 16, "Calls in flight over all connections.");

    public static Option<int> Seconds(string description) => Count("--seconds", 5, description);

    public static Option<int> Warmup() =>
        Count("--warmup", 1, "Seconds of the same calls before each measurement.");

    public static Option<int> Entries() => Count("--entries", 10_000, "Entries in the namespace that is looked up.");

    public static Option<int> ResponseBytes() => Count("--response-bytes", 1000, "Size of each response.");

    /// <summary>Kinds of calls.</summary>
    public static Option<string[]> Kinds(string description, IReadOnlyList<string> all, IReadOnlyList<string> byDefault)
    {
        var option = new Option<string[]>("--kinds")
        {
            Description = description,
            AllowMultipleArgumentsPerToken = true,
            DefaultValueFactory = _ => [.. byDefault],
        };
        return option.AcceptOnlyFromAmong([.. all]);
    }

    public static Option<DirectoryInfo> Plots() => new("--plots")
    {
        Description = "Also draws the figures, as SVG files in this folder.",
        HelpName = "DIR",
    };

    public static Option<double> Skew()
    {
        const double most = 10;
        var option = new Option<double>("--skew")
        {
            Description = "Exponent of Zipf's law by which prompts are asked again, 0 (all equally often) to 10.",
            DefaultValueFactory = _ => 1,
        };
        option.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var text }]
                && double.TryParse(text, CultureInfo.InvariantCulture, out double skew) && skew is not (>= 0 and <= most))
            {
                result.AddError($"--skew must be 0 to {most}.");
            }
        });
        return option;
    }

    /// <summary>Refuses numbers below 1.</summary>
    public static void AtLeastOne(Option<int?> option) => option.Validators.Add(result =>
    {
        if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out int number) && number < 1)
        {
            result.AddError($"{option.Name} must be at least 1.");
        }
    });

    /// <summary>An option that holds a number of things, at least one.</summary>
    public static Option<int> Count(string name, int value, string description) =>
        BenchOptions.Number(name, value, 1, int.MaxValue, description);

    /// <summary>The prompts that the options ask for.</summary>
    /// <exception cref="NotMeasuredException">The files have too few.</exception>
    public static IReadOnlyList<string> TakeTexts(IReadOnlyList<FileInfo> files, int count) =>
        files.Count == 0 ? QuestionGenerator.Take(count) : JsonLines.TakeTexts(files, count);

    /// <summary>What a report says of where the prompts are from.</summary>
    public static string NameTexts(IReadOnlyList<FileInfo> files) =>
        files.Count == 0 ? "generated" : string.Join(", ", files.Select(file => file.Name));
}
