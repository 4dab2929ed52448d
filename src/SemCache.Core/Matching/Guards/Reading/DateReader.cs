namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>Finds years, months, days, weekdays, times of the day, and days told from today.</summary>
internal static class DateReader
{
    private const int EarliestYear = 1900;
    private const int LatestYear = 2099;
    private const int HalfDay = 12 * 60;

    private enum Part : long
    {
        Year = 1L << 32,
        Month = 2L << 32,
        Day = 3L << 32,
        Weekday = 4L << 32,
        Time = 5L << 32,
        FromToday = 6L << 32,
        PartOfDay = 7L << 32,
        Decade = 8L << 32,
        Relative = 9L << 32,
    }

    /// <summary>Whether two facts tell the same part of a date: both a weekday, both a year.</summary>
    public static bool TellTheSamePart(in Fact one, in Fact other) => PartOf(one) == PartOf(other);

    /// <summary>Whether the word says a time without being month or weekday.</summary>
    public static bool IsWord(string word) => FromToday(word) is not null || PartOfDay(word) > 0;

    public static void Read(Token[] tokens, bool[] claimed, List<Fact> dates, List<Fact> numbers)
    {
        for (int i = 0; i < tokens.Length; i++)
        {
            if (claimed[i])
            {
                continue;
            }

            if (tokens[i].Kind == TokenKind.Number)
            {
                ReadNumber(tokens, i, claimed, dates, numbers);
            }
            else if (tokens[i].Kind == TokenKind.Word)
            {
                ReadWord(tokens, i, claimed, dates);
            }
        }
    }

    private static void ReadNumber(Token[] tokens, int i, bool[] claimed, List<Fact> dates, List<Fact> numbers)
    {
        ref readonly var token = ref tokens[i];
        if (NumberShapes.TryDate(token.Text, out int year, out int month, out int day))
        {
            Add(dates, Part.Year, year, token);
            Add(dates, Part.Month, month, token);
            Add(dates, Part.Day, day, token);
            claimed[i] = true;
        }
        else if (TryTime(tokens, i, out int minutes, out bool loose, out int partOfDay))
        {
            claimed[partOfDay] = true;
            Add(dates, Part.Time, minutes, token, loose);
            claimed[i] = true;
        }
        else if (NumberShapes.TryInteger(token.Text, 4, out int value))
        {
            if (IsDecade(tokens, i, value, out int decade))
            {
                Add(dates, Part.Decade, decade, token);
                claimed[i] = true;
            }
            else if (IsYear(tokens, i, value))
            {
                Add(dates, Part.Year, value, token);
                // Loosely a number too: the other prompt may write the same with a comma.
                numbers.Add(
                    new Fact(BitConverter.DoubleToInt64Bits(value), null, token.Start, token.Length, Loose: true));
                claimed[i] = true;
            }
        }
    }

    private static bool IsYear(Token[] tokens, int i, int value) =>
        tokens[i].Text.Length == 4 && value is >= EarliestYear and <= LatestYear
        && !(i > 0 && tokens[i - 1].Kind == TokenKind.Sign && tokens[i - 1].Lexeme.Unit > 0)
        && !(i + 1 < tokens.Length && tokens[i + 1].Lexeme.Unit > 0 && tokens[i + 1].Before <= Boundary.Space);

    /// <summary><c>1990s</c>, <c>90's</c>.</summary>
    private static bool IsDecade(Token[] tokens, int i, int value, out int decade)
    {
        decade = value < 100 ? value + EarliestYear : value;
        return value % 10 == 0 && (value is >= 10 and < 100 || value is >= 1000 and <= LatestYear)
            && i + 1 < tokens.Length && tokens[i + 1].Text == "s"
            && tokens[i + 1].Start - (tokens[i].Start + tokens[i].Length) <= 1;
    }

    /// <summary>A time of the day. Loose is one that does not tell morning from evening: five o'clock.</summary>
    private static bool TryTime(Token[] tokens, int i, out int minutes, out bool loose, out int partOfDay)
    {
        loose = false;
        partOfDay = i;
        bool clock = NumberShapes.TryTime(tokens[i].Text, out minutes);
        int half = 0;
        if (!clock)
        {
            if (!NumberShapes.TryInteger(tokens[i].Text, 2, out int hour) || hour > 12)
            {
                return false;
            }

            minutes = hour * 60;
        }

        if (i + 1 < tokens.Length && tokens[i + 1].Before <= Boundary.Space)
        {
            bool oClock = tokens[i + 1].Text is "o'clock" or "oclock";
            half = HalfAt(tokens, oClock ? i + 2 : i + 1, ref partOfDay);
            loose = oClock && half == 0;
        }

        if (half > 0)
        {
            minutes = minutes % HalfDay + (half == 2 ? HalfDay : 0);
        }

        return clock || loose || half > 0;
    }

    /// <summary>1 before noon, 2 after it, 0 when it is not said: am, p.m., in the evening, at night.</summary>
    private static int HalfAt(Token[] tokens, int i, ref int partOfDay)
    {
        string word = TextAt(tokens, i);
        if (word is "am" or "pm")
        {
            return word == "am" ? 1 : 2;
        }

        if (word is "a" or "p" && TextAt(tokens, i + 1) == "m" && tokens[i + 1].Before <= Boundary.Space)
        {
            return word == "a" ? 1 : 2;
        }

        int at = word == "in" && TextAt(tokens, i + 1) == "the" ? i + 2 : word == "at" ? i + 1 : tokens.Length;
        int half = TextAt(tokens, at) switch
        {
            "morning" => 1,
            "afternoon" or "evening" or "night" => 2,
            _ => 0,
        };
        partOfDay = half > 0 ? at : partOfDay;
        return half;
    }

    private static string TextAt(Token[] tokens, int i) => i < tokens.Length ? tokens[i].Text : "";

    private static void ReadWord(Token[] tokens, int i, bool[] claimed, List<Fact> dates)
    {
        ref readonly var token = ref tokens[i];
        var lexeme = token.Lexeme;
        if (lexeme.Month > 0)
        {
            ReadMonth(tokens, i, claimed, dates);
        }
        else if (lexeme.Weekday > 0)
        {
            if (lexeme.CalendarCertainty == Certainty.Always)
            {
                Add(dates, Part.Weekday, lexeme.Weekday, token);
            }
        }
        else if (FromToday(token.Text) is { } days)
        {
            Add(dates, Part.FromToday, days, token);
        }
        else if (PartOfDay(token.Text) is > 0 and var part)
        {
            Add(dates, Part.PartOfDay, part, token);
        }
        else if (i > 0 && token.Text is "week" or "month" or "year" or "weekend" && tokens[i].Before <= Boundary.Space)
        {
            int which = tokens[i - 1].Text switch
            {
                "next" or "coming" => 1,
                "last" or "previous" => 2,
                "this" or "current" => 3,
                _ => 0,
            };
            if (which > 0)
            {
                Add(dates, Part.Relative, which * 10 + token.Text.Length, token);
            }
        }
    }

    private static void ReadMonth(Token[] tokens, int i, bool[] claimed, List<Fact> dates)
    {
        int before = DayAt(tokens, i - 1, claimed);
        int beforeOf = i > 1 && tokens[i - 1].Text == "of" ? DayAt(tokens, i - 2, claimed) : 0;
        int beforeSuffix = before == 0 && i > 1 && IsOrdinalSuffix(tokens, i - 1) ? DayAt(tokens, i - 2, claimed) : 0;
        int beforeSuffixOf = i > 2 && tokens[i - 1].Text == "of" && IsOrdinalSuffix(tokens, i - 2)
            ? DayAt(tokens, i - 3, claimed)
            : 0;
        int after = DayAt(tokens, i + 1, claimed);
        bool yearAfter = i + 1 < tokens.Length && tokens[i + 1].Kind == TokenKind.Number
            && tokens[i + 1].Text.Length == 4;
        int day = before + beforeOf + beforeSuffix + beforeSuffixOf;
        if (tokens[i].Lexeme.CalendarCertainty == Certainty.NextToNumber && day == 0 && after == 0 && !yearAfter)
        {
            return;
        }

        Add(dates, Part.Month, tokens[i].Lexeme.Month, tokens[i]);
        int at = before > 0 ? i - 1
            : beforeOf > 0 || beforeSuffix > 0 ? i - 2
            : beforeSuffixOf > 0 ? i - 3
            : after > 0 ? i + 1
            : -1;
        if (at >= 0)
        {
            Add(dates, Part.Day, day > 0 ? day : after, tokens[at]);
            claimed[at] = true;
        }
    }

    /// <summary>The number of a day of the month, or 0.</summary>
    private static int DayAt(Token[] tokens, int i, bool[] claimed) =>
        i >= 0 && i < tokens.Length && tokens[i].Kind == TokenKind.Number && (!claimed[i])
            && NumberShapes.TryInteger(tokens[i].Text, 2, out int day) && day is >= 1 and <= 31 ? day
        : i >= 0 && i < tokens.Length
            && tokens[i].Lexeme is { NumberRole: NumberRole.Ordinal, Number: >= 1 and <= 31 } lexeme
            ? (int)lexeme.Number
        : 0;

    private static bool IsOrdinalSuffix(Token[] tokens, int i) =>
        tokens[i].Before == Boundary.None && tokens[i].Text is "st" or "nd" or "rd" or "th";

    // Yesterday is one less than today, and so is its key.
    private static long PartOf(in Fact fact) => (fact.Key + 1) >> 32;

    private static int? FromToday(string word) => word switch
    {
        "today" or "tonight" => 0,
        "tomorrow" => 1,
        "yesterday" => -1,
        _ => null,
    };

    private static int PartOfDay(string word) => word switch
    {
        "morning" or "mornings" => 1,
        "noon" or "midday" => 2,
        "afternoon" or "afternoons" => 3,
        "evening" or "evenings" => 4,
        "midnight" => 5,
        _ => 0,
    };

    private static void Add(List<Fact> dates, Part part, int value, in Token token, bool loose = false) =>
        dates.Add(new Fact((long)part + value, null, token.Start, token.Length, loose));
}
