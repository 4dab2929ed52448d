namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>Finds numbers in digits and in words.</summary>
internal static class NumberReader
{
    private const int AndAHalf = 3;

    public static void Read(Token[] tokens, bool[] claimed, List<Fact> numbers)
    {
        int i = 0;
        while (i < tokens.Length)
        {
            int next = claimed[i] ? i + 1
                : tokens[i].Kind == TokenKind.Number ? ReadDigits(tokens, i, numbers)
                : tokens[i].Lexeme.NumberRole != NumberRole.None ? ReadWords(tokens, i, numbers)
                : RomanDigit(tokens, i) is > 0 and var digit ? ReadRoman(tokens[i], digit, i, numbers)
                : i + 1;
            i = next;
        }
    }

    private static int ReadRoman(in Token token, int value, int i, List<Fact> numbers)
    {
        Add(numbers, value, token, token);
        return i + 1;
    }

    /// <summary>What I, V and X are worth where they are no words and no variables: World War I, Chapter V. Else 0.</summary>
    public static int RomanDigit(Token[] tokens, int i)
    {
        if (tokens[i] is not { Length: 1, Casing: Casing.Capital, Before: Boundary.Space } || i == 0)
        {
            return 0;
        }

        ref readonly var before = ref tokens[i - 1];
        bool numbered = before.Text is "war" or "chapter" or "volume" or "article" or "amendment" or "phase" or "elizabeth"
            || (before.Casing == Casing.Capital && before.Text is "part" or "type" or "act" or "book" or "section" or "title"
                or "stage" or "henry" or "charles" or "james" or "richard" or "george" or "edward" or "louis" or "philip");
        return !numbered ? 0 : tokens[i].Text switch { "i" => 1, "v" => 5, "x" => 10, _ => 0 };
    }

    private static int ReadDigits(Token[] tokens, int i, List<Fact> numbers)
    {
        ref readonly var token = ref tokens[i];
        if (NumberShapes.TryPlain(token.Text, out double value))
        {
            int next = i + 1;
            bool negative = i > 0 && tokens[i - 1].Kind == TokenKind.Sign && tokens[i - 1].Text == "-";
            while (next < tokens.Length && Factor(tokens, i, next) is > 0 and var factor)
            {
                value *= factor;
                next++;
            }

            if (IsAndAHalf(tokens, next))
            {
                value += 0.5;
                next += AndAHalf;
            }

            Add(numbers, negative ? -value : value, token, tokens[next - 1]);
            return next;
        }

        if (NumberShapes.TryFraction(token.Text, out value))
        {
            Add(numbers, value, token, token);
            return i + 1;
        }

        AddRuns(token, numbers);
        return i + 1;
    }

    /// <summary>Whether the words go on: two and a half.</summary>
    public static bool IsAndAHalf(Token[] tokens, int i) =>
        i + AndAHalf <= tokens.Length && tokens[i].Text == "and" && tokens[i + 1].Text == "a" && tokens[i + 2].Text == "half";

    /// <summary>What the word behind a number multiplies it by; 0 when it is something else.</summary>
    private static double Factor(Token[] tokens, int number, int at)
    {
        ref readonly var token = ref tokens[at];
        if (token.Before > Boundary.Space)
        {
            return 0;
        }

        if (token.Lexeme.NumberRole == NumberRole.Scale)
        {
            return token.Lexeme.Number;
        }

        if (token.Before != Boundary.None || at != number + 1)
        {
            return 0;
        }

        bool money = number > 0 && tokens[number - 1].Kind == TokenKind.Sign && tokens[number - 1].Lexeme.Unit > 0;
        return token.Text switch
        {
            "k" => 1e3,
            "m" when money => 1e6,
            "b" when money => 1e9,
            _ => 0,
        };
    }

    /// <summary>Each run of digits as a number of its own: ranges, telephone numbers.</summary>
    private static void AddRuns(in Token token, List<Fact> numbers)
    {
        int at = 0;
        while (at < token.Text.Length)
        {
            int end = at;
            while (end < token.Text.Length && (char.IsAsciiDigit(token.Text[end]) || token.Text[end] == '.'))
            {
                end++;
            }

            if (end > at && NumberShapes.TryPlain(token.Text.AsSpan(at, end - at), out double value))
            {
                numbers.Add(new Fact(Key(value), null, token.Start + at, end - at));
            }

            at = end + 1;
        }
    }

    private static int ReadWords(Token[] tokens, int start, List<Fact> numbers)
    {
        double total = 0, group = 0;
        int at = start, last = start;
        bool loose = true, article = start > 0 && tokens[start - 1].Text is "a" or "an";
        bool ordinal = false;
        while (at < tokens.Length && !ordinal)
        {
            ref readonly var token = ref tokens[at];
            if (at > start && token.Before > Boundary.Space)
            {
                break;
            }

            var (role, value) = (token.Lexeme.NumberRole, token.Lexeme.Number);
            if (at > start && token.Text == "and" && group >= 100 && at + 1 < tokens.Length
                && tokens[at + 1].Lexeme.NumberRole is NumberRole.Cardinal)
            {
                at++;
                continue;
            }

            if (role == NumberRole.Scale)
            {
                loose = false;
                group = group == 0 ? value : group * value;
                if (value >= 1000)
                {
                    total += group;
                    group = 0;
                }
            }
            else if (role == NumberRole.None || !Continues(group, value, at == start))
            {
                break;
            }
            else
            {
                loose &= role == NumberRole.Loose && !IsCertainSecond(tokens, at);
                ordinal = role == NumberRole.Ordinal;
                group += value;
            }

            last = at++;
        }

        // "Thousands of" is no certain number, "a dozen" is one.
        bool bareScale = last == start && tokens[start].Lexeme.NumberRole == NumberRole.Scale && !article;
        if (!ordinal && IsAndAHalf(tokens, last + 1))
        {
            total += 0.5;
            last += AndAHalf;
        }

        Add(numbers, total + group, tokens[start], tokens[last], loose || bareScale);
        return last + 1;
    }

    /// <summary>The second amendment is one of several; wait a second, and the second that I saw it, are none.</summary>
    private static bool IsCertainSecond(Token[] tokens, int at) =>
        tokens[at].Text == "second" && at > 0 && tokens[at - 1].Text == "the"
        && at + 1 < tokens.Length && tokens[at + 1] is { Before: Boundary.Space, Lexeme.IsFunction: false };

    /// <summary>
    /// Twenty takes a five behind it, a hundred takes everything below; two numbers in a row are two numbers.
    /// </summary>
    private static bool Continues(double group, double value, bool isFirst) =>
        isFirst || group == 0 || (group % 100 == 0 && value < 100)
        || (group % 10 == 0 && group % 100 >= 20 && value is >= 1 and < 10);

    private static void Add(List<Fact> numbers, double value, in Token first, in Token last, bool loose = false) =>
        numbers.Add(new Fact(Key(value), null, first.Start, last.Start + last.Length - first.Start, loose));

    private static long Key(double value) => BitConverter.DoubleToInt64Bits(value);
}
