using System.CommandLine;

namespace SemCache.Benchmarks;

/// <summary>Options that all measuring tools share, so that they mean the same in each.</summary>
internal static class BenchOptions
{
    public static Option<FileInfo> Json() => new("--json")
    {
        Description = "Also writes every figure to this file.",
        HelpName = "FILE",
    };

    /// <summary>An option that holds a whole number within a range.</summary>
    public static Option<int> Number(string name, int value, int least, int most, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            // What is no number at all is reported by the parser itself.
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out int number)
                && (number < least || number > most))
            {
                result.AddError($"{name} must be {least} to {most}.");
            }
        });
        return option;
    }
}
