using System.Globalization;
using SemCache.Cli.Evaluation.Statistics;

namespace SemCache.Cli.Evaluation.Reporting;

/// <summary>A cell of a table: a figure, and its confidence interval where it has one.</summary>
internal readonly record struct Cell(string Text, string Interval = "")
{
    public override string ToString() => Interval.Length == 0 ? Text : $"{Text} ({Interval})";
}

/// <summary>Figures as the reports write them: percent with two digits where a figure is small.</summary>
internal static class Cells
{
    public const string None = "-";

    public static Cell Percent(Estimate share) => new(
        Percent(share.Value),
        share is { Low: { } low, High: { } high } ? $"{Digits(100 * low)}–{Digits(100 * high)}" : "");

    public static Cell Plain(Estimate value) => new(
        Number(value.Value),
        value is { Low: { } low, High: { } high } ? $"{Number(low)}–{Number(high)}" : "");

    public static string Percent(double share) => double.IsFinite(share) ? Digits(100 * share) + " %" : None;

    public static string Number(double? value) => value is { } number && double.IsFinite(number)
        ? number.ToString("0.000", CultureInfo.InvariantCulture) : None;

    private static string Digits(double percent) =>
        percent.ToString(percent < 9.995 ? "0.00" : "0.0", CultureInfo.InvariantCulture);
}
