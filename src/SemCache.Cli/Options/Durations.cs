using System.Globalization;

namespace SemCache.Cli.Options;

/// <summary>Durations as people write them: <c>90s</c>, <c>1h30m</c>, <c>2d</c>, <c>1.5h</c>, <c>250ms</c>.</summary>
internal static class Durations
{
    public const string Format = "a positive duration like 90s, 1h30m, 2d or 250ms";

    /// <summary>Longest first where one is the beginning of another.</summary>
    private static readonly (string Name, double Seconds)[] _units =
        [("ms", 0.001), ("w", 604_800), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];

    /// <summary>Reads numbers that are each followed by a unit (w, d, h, m, s, ms). The sum must be positive.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = default;
        var seconds = 0.0;
        text = text.Trim();
        while (!text.IsEmpty)
        {
            if (!TryTakeNumber(ref text, out var number) || !TryTakeUnit(ref text, out var unit))
            {
                return false;
            }

            seconds += number * unit;
        }

        if (seconds <= 0 || seconds >= TimeSpan.MaxValue.TotalSeconds)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(seconds);
        return duration > TimeSpan.Zero;
    }

    private static bool TryTakeNumber(ref ReadOnlySpan<char> text, out double number)
    {
        var length = text.IndexOfAnyExcept("0123456789.");
        var digits = text[..Math.Max(length, 0)];
        text = text[digits.Length..];
        return double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }

    private static bool TryTakeUnit(ref ReadOnlySpan<char> text, out double seconds)
    {
        foreach (var unit in _units)
        {
            if (text.StartsWith(unit.Name, StringComparison.OrdinalIgnoreCase))
            {
                text = text[unit.Name.Length..];
                seconds = unit.Seconds;
                return true;
            }
        }

        seconds = 0;
        return false;
    }
}
