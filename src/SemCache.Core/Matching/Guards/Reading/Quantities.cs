namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>
/// The dates, versions, numbers and units of a prompt. They are read together: a number that belongs to a date or a
/// version is claimed by it and is no plain number any more.
/// </summary>
internal sealed class Quantities
{
    private Quantities(Fact[] dates, Fact[] versions, Fact[] numbers, Fact[] units, Measure[] measures)
    {
        Dates = dates;
        Versions = versions;
        Numbers = numbers;
        Units = units;
        Measures = measures;
    }

    public Fact[] Dates { get; }

    public Fact[] Versions { get; }

    public Fact[] Numbers { get; }

    public Fact[] Units { get; }

    /// <summary>The numbers and units that belong together.</summary>
    public Measure[] Measures { get; }

    private static Quantities None { get; } = new([], [], [], [], []);

    public static Quantities Read(Token[] tokens)
    {
        if (!Any(tokens))
        {
            return None;
        }

        bool[] claimed = new bool[tokens.Length];
        List<Fact> dates = [], versions = [], numbers = [], units = [];
        VersionReader.Read(tokens, claimed, versions);
        DateReader.Read(tokens, claimed, dates, numbers);
        UnitReader.Read(tokens, units);
        int years = numbers.Count;
        NumberReader.Read(tokens, claimed, numbers);
        var measures = units.Count == 0
            ? []
            : Measure.Read(tokens, numbers.GetRange(years, numbers.Count - years), units);
        return new Quantities(
            Fact.Distinct(dates), Fact.Distinct(versions), Fact.Distinct(numbers), Fact.Distinct(units), measures);
    }

    private static bool Any(Token[] tokens)
    {
        for (int i = 0; i < tokens.Length; i++)
        {
            ref readonly var token = ref tokens[i];
            if (token.Kind is TokenKind.Number or TokenKind.Sign || token.Lexeme is { NumberRole: not NumberRole.None }
                or { Month: > 0 } or { Weekday: > 0 } or { Unit: > 0 } || DateReader.IsWord(token.Text)
                || NumberReader.RomanDigit(tokens, i) > 0)
            {
                return true;
            }
        }

        return false;
    }
}
