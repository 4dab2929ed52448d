using System.Globalization;

namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>Reads what digits and the separators between them say.</summary>
internal static class NumberShapes
{
    /// <summary>
    /// A plain number: digits, thousands grouped by commas (also in the Indian way), a decimal point.
    /// </summary>
    public static bool TryPlain(ReadOnlySpan<char> text, out double value)
    {
        value = 0;
        int point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        if ((point >= 0 && !IsDigits(text[(point + 1)..])) || text.Length > 32)
        {
            return false;
        }

        Span<char> digits = stackalloc char[32];
        int length = 0, group = 0;
        bool grouped = false;
        foreach (char c in whole)
        {
            if (char.IsAsciiDigit(c))
            {
                digits[length++] = c;
                group++;
            }
            else if (c == ',' && (grouped ? group is 2 or 3 : group <= 3))
            {
                grouped = true;
                group = 0;
            }
            else
            {
                return false;
            }
        }

        if (grouped && group != 3)
        {
            return false;
        }

        if (point >= 0)
        {
            text[point..].CopyTo(digits[length..]);
            length += text.Length - point;
        }

        return double.TryParse(
            digits[..length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>A fraction: <c>3/4</c>. Others with a slash are two numbers: 9/11, 24/7, 500/1000.</summary>
    public static bool TryFraction(ReadOnlySpan<char> text, out double value)
    {
        int slash = text.IndexOf('/');
        value = 0;
        if (slash < 0 || !TryInteger(text[..slash], 6, out int numerator)
            || !TryInteger(text[(slash + 1)..], 6, out int denominator)
            || numerator == 0 || numerator >= denominator || denominator is > 10 and not (12 or 16 or 32 or 64 or 100))
        {
            return false;
        }

        value = (double)numerator / denominator;
        return true;
    }

    /// <summary>A time of the day: <c>17:00</c>, <c>5:30:10</c>. In minutes since midnight.</summary>
    public static bool TryTime(ReadOnlySpan<char> text, out int minutes)
    {
        int colon = text.IndexOf(':');
        minutes = 0;
        if (colon is not (1 or 2) || text.Length < colon + 3 || (text.Length > colon + 3 && text[colon + 3] != ':')
            || !TryInteger(text[..colon], 2, out int hour) || !TryInteger(text.Slice(colon + 1, 2), 2, out int minute)
            || hour > 24 || minute > 59)
        {
            return false;
        }

        minutes = hour * 60 + minute;
        return true;
    }

    /// <summary>
    /// A date in digits: <c>2024-01-05</c>, <c>5.1.2024</c>, <c>1/5/2024</c>. With slashes the month is first unless
    /// the number is too large for one.
    /// </summary>
    public static bool TryDate(ReadOnlySpan<char> text, out int year, out int month, out int day)
    {
        (year, month, day) = (0, 0, 0);
        int first = text.IndexOfAny('-', '/', '.');
        if (first < 0)
        {
            return false;
        }

        char separator = text[first];
        int second = text[(first + 1)..].IndexOf(separator) + first + 1;
        if (second <= first || !TryInteger(text[..first], 4, out int a)
            || !TryInteger(text[(first + 1)..second], 2, out int b) || !TryInteger(text[(second + 1)..], 4, out int c))
        {
            return false;
        }

        (year, month, day) = first == 4 ? (a, b, c)
            : separator == '.' || a > 12 ? (c, b, a)
            : (c, a, b);
        year = year < 100 && first != 4 && text.Length - second == 3 ? year + (year < 50 ? 2000 : 1900) : year;
        return year is >= 1000 and < 3000 && month is >= 1 and <= 12 && day is >= 1 and <= 31;
    }

    public static bool TryInteger(ReadOnlySpan<char> text, int longest, out int value)
    {
        value = 0;
        return text.Length > 0 && text.Length <= longest && IsDigits(text)
            && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    private static bool IsDigits(ReadOnlySpan<char> text) =>
        text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9');
}
