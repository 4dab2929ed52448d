using System.CommandLine;
using System.Globalization;

namespace SemCache.Cli.Options;

/// <summary>Options that hold several numbers, separated by commas.</summary>
internal static class NumberLists
{
    /// <summary>An option of at least one number, each within bounds.</summary>
    public static Option<double[]> Option(string name, string description, double least, double most) => new(name)
    {
        Description = description,
        HelpName = "N1,N2",
        CustomParser = result =>
        {
            List<double> numbers = [];
            foreach (var part in result.Tokens[0].Value.Split(','))
            {
                if (!double.TryParse(part, CultureInfo.InvariantCulture, out var number)
                    || !(number >= least && number <= most))
                {
                    result.AddError(
                        $"{name} must be numbers from {least} to {most}, separated by commas, not '{part}'.");
                    return null;
                }

                numbers.Add(number);
            }

            return [.. numbers];
        },
    };
}
