namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>A number with its unit, by what it measures: 60 minutes and 1 hour are equal.</summary>
/// <param name="Amount">In the unit's base; seven digits count.</param>
/// <param name="Base">The unit's base.</param>
/// <param name="NumberStart">Where the number stands; that of the unit for "an hour".</param>
/// <param name="UnitStart">Where the unit stands.</param>
internal readonly record struct Measure(float Amount, string Base, int NumberStart, int UnitStart)
{
    /// <summary>Finds the measures among numbers and units that stand side by side.</summary>
    public static Measure[] Read(Token[] tokens, List<Fact> numbers, List<Fact> units)
    {
        List<Measure>? measures = null;
        int number = 0;
        foreach (var fact in units)
        {
            var unit = Lexicon.UnitOf((int)fact.Key);
            while (number < numbers.Count && numbers[number].Start + numbers[number].Length < fact.Start - 1)
            {
                number++;
            }

            if (unit.Size == 0)
            {
                continue;
            }

            if (number < numbers.Count && numbers[number].Start < fact.Start)
            {
                double value = BitConverter.Int64BitsToDouble(numbers[number].Key);
                (measures ??= []).Add(new((float)(value * unit.Size), unit.Base, numbers[number].Start, fact.Start));
            }
            else if (Article(tokens, fact.Start) is >= 0 and var article)
            {
                // Half an hour, an hour and a half.
                bool half = article > 0 && tokens[article - 1].Text == "half";
                int start = half ? tokens[article - 1].Start : fact.Start;
                double amount = half ? 0.5 : NumberReader.IsAndAHalf(tokens, article + 2) ? 1.5 : 1;
                (measures ??= []).Add(new((float)(unit.Size * amount), unit.Base, start, fact.Start));
            }
        }

        return measures is null ? [] : [.. measures];
    }

    /// <summary>Without the facts that belong to a measure which the other prompt has too.</summary>
    public static ReadOnlySpan<Fact> Unmatched(Fact[] facts, Measure[] own, Measure[] others)
    {
        if (facts.Length == 0 || own.Length == 0 || others.Length == 0)
        {
            return facts;
        }

        var known = others.Select(measure => (measure.Amount, measure.Base)).ToHashSet();
        var matched = own.Where(measure => known.Contains((measure.Amount, measure.Base)))
            .SelectMany(measure => new[] { measure.NumberStart, measure.UnitStart })
            .ToHashSet();
        return matched.Count == 0 ? facts : facts.Where(fact => !matched.Contains(fact.Start)).ToArray();
    }

    /// <summary>Where the word for one stands before a unit: an hour. −1 when none does.</summary>
    private static int Article(Token[] tokens, int unitStart)
    {
        int low = 0, high = tokens.Length - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = tokens[middle].Start < unitStart ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && tokens[low].Start == unitStart && tokens[low - 1].Text is "a" or "an" or "one" or "per" ? low - 1 : -1;
    }
}
