namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>The English words for numbers.</summary>
internal static class NumberWords
{
    private static readonly string[] _cardinals =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] _ordinals =
    [
        "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
        "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
        "nineteenth",
    ];

    private static readonly string[] _tens =
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    private static readonly (string Word, double Factor)[] _scales =
    [
        ("hundred", 1e2), ("thousand", 1e3), ("million", 1e6), ("billion", 1e9), ("trillion", 1e12), ("lakh", 1e5),
        ("crore", 1e7), ("dozen", 12), ("mn", 1e6), ("bn", 1e9),
    ];

    // Without I, V, X and C, which are mostly something else.
    private static readonly (string Word, double Value)[] _roman =
    [
        ("ii", 2), ("iii", 3), ("iv", 4), ("vi", 6), ("vii", 7), ("viii", 8), ("ix", 9), ("xi", 11), ("xii", 12),
    ];

    public static void AddTo(Func<string, Lexeme> word)
    {
        for (int i = 0; i < _cardinals.Length; i++)
        {
            Set(word(_cardinals[i]), NumberRole.Cardinal, i);
            Set(word(_ordinals[i]), NumberRole.Ordinal, i);
        }

        for (int i = 0; i < _tens.Length; i++)
        {
            Set(word(_tens[i]), NumberRole.Cardinal, (i + 2) * 10);
            Set(word(_tens[i][..^1] + "ieth"), NumberRole.Ordinal, (i + 2) * 10);
        }

        foreach (var (scale, factor) in _scales)
        {
            Set(word(scale), NumberRole.Scale, factor);
            Set(word(scale + "s"), NumberRole.Loose, factor);
        }

        foreach (var (roman, value) in _roman)
        {
            Set(word(roman), NumberRole.Ordinal, value);
        }

        Set(word("fourty"), NumberRole.Cardinal, 40);
        Set(word("half"), NumberRole.Loose, 0.5);
        Set(word("one"), NumberRole.Loose, 1);
        Set(word("second"), NumberRole.Loose, 2);
        Set(word("couple"), NumberRole.Loose, 2);
        Set(word("½"), NumberRole.Cardinal, 0.5);
        Set(word("¼"), NumberRole.Cardinal, 0.25);
        Set(word("¾"), NumberRole.Cardinal, 0.75);
    }

    private static void Set(Lexeme lexeme, NumberRole role, double value)
    {
        lexeme.NumberRole = role;
        lexeme.Number = value;
        lexeme.IsCommon = true;
    }
}
