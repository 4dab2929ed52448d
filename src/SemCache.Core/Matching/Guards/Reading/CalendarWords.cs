namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>The English names of months and weekdays.</summary>
internal static class CalendarWords
{
    private static readonly string[] _months =
    [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
        "december",
    ];

    private static readonly string[] _weekdays =
        ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

    // Months and abbreviations that are words of their own.
    private static readonly HashSet<string> _ambiguous =
        [
            "march", "may", "jan", "mar", "apr", "jun", "jul", "aug", "sep", "oct", "dec", "mon", "tue", "wed", "thu",
            "fri", "sat", "sun",
        ];

    public static void AddTo(Func<string, Lexeme> word)
    {
        for (int i = 0; i < _months.Length; i++)
        {
            Set(word(_months[i]), month: i + 1, weekday: 0);
            Set(word(_months[i][..3]), month: i + 1, weekday: 0);
        }

        Set(word("sept"), month: 9, weekday: 0);
        for (int i = 0; i < _weekdays.Length; i++)
        {
            Set(word(_weekdays[i]), month: 0, weekday: i + 1);
            Set(word(_weekdays[i] + "s"), month: 0, weekday: i + 1);
            Set(word(_weekdays[i][..3]), month: 0, weekday: i + 1);
        }
    }

    private static void Set(Lexeme lexeme, int month, int weekday)
    {
        lexeme.Month = month;
        lexeme.Weekday = weekday;
        lexeme.CalendarCertainty = _ambiguous.Contains(lexeme.Text) ? Certainty.NextToNumber : Certainty.Always;
        lexeme.IsCommon = true;
    }
}
