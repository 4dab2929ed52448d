using ScottPlot;

namespace SemCache.LoadTest.Charts;

/// <summary>The colours of lines, the same for the same thing in all charts.</summary>
internal static class LineColours
{
    private static readonly string[] _colours = ["#d62728", "#1f77b4", "#2ca02c", "#ff7f0e", "#9467bd", "#7f7f7f"];

    /// <summary>The colour of the line with this number, from 0.</summary>
    public static Color Of(int line) => Color.FromHex(_colours[line % _colours.Length]);
}
