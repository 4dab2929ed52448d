using System.Globalization;

namespace SemCache.Cli.Output;

/// <summary>Figures as people read them.</summary>
internal static class Humanized
{
    private static readonly string[] _byteUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    public static string Count(long count, string singular, string plural) =>
        $"{Count(count)} {(count == 1 ? singular : plural)}";

    public static string Similarity(double similarity) => similarity.ToString("0.0000", CultureInfo.InvariantCulture);

    public static string Cost(double cost) =>
        cost.ToString(cost >= 1 ? "#,##0.00" : "0.######", CultureInfo.InvariantCulture);

    public static string Percent(long part, long whole) =>
        whole == 0 ? "-" : (100.0 * part / whole).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    public static string Bytes(long bytes)
    {
        double size = bytes;
        var unit = 0;
        while (size >= 1024 && unit < _byteUnits.Length - 1)
        {
            size /= 1024;
            unit++;
        }

        return Digits(size, unit == 0 ? 0 : 1) + " " + _byteUnits[unit];
    }

    /// <summary>At most two units: <c>2d 3h</c>, <c>1m 5s</c>, <c>1.8 s</c>, <c>310 ms</c>, <c>85 µs</c>.</summary>
    public static string Time(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => Pair(time.Days, "d", time.Hours, "h"),
        { TotalHours: >= 1 } => Pair(time.Hours, "h", time.Minutes, "m"),
        { TotalMinutes: >= 1 } => Pair(time.Minutes, "m", time.Seconds, "s"),
        { TotalSeconds: >= 1 } => Digits(time.TotalSeconds, 1) + " s",
        { TotalMilliseconds: >= 10 } => Digits(time.TotalMilliseconds, 0) + " ms",
        { TotalMilliseconds: >= 1 } => Digits(time.TotalMilliseconds, 1) + " ms",
        { Ticks: > 0 } => Digits(time.TotalMicroseconds, 0) + " µs",
        _ => "0 s",
    };

    private static string Pair(int large, string largeUnit, int small, string smallUnit) =>
        small == 0 ? $"{large}{largeUnit}" : $"{large}{largeUnit} {small}{smallUnit}";

    private static string Digits(double value, int decimals) =>
        Math.Round(value, decimals).ToString("#,##0.#", CultureInfo.InvariantCulture);
}
