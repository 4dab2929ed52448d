namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>Bounds of whole numbers and years: more than two is at least three, before 2005 is at most 2004.</summary>
internal static class Bounds
{
    /// <summary>Whether one prompt excludes its bound and the other includes one on the same side.</summary>
    public static bool MeetAtOne(PromptReading asked, PromptReading stored)
    {
        var (one, other) = (asked.Quantifiers, stored.Quantifiers);
        return (Has(one, QuantifierReader.MoreThan) && Has(other, QuantifierReader.AtLeast))
            || (Has(one, QuantifierReader.AtLeast) && Has(other, QuantifierReader.MoreThan))
            || (Has(one, QuantifierReader.LessThan) && Has(other, QuantifierReader.AtMost))
            || (Has(one, QuantifierReader.AtMost) && Has(other, QuantifierReader.LessThan));
    }

    private static bool Has(Fact[] quantifiers, string bound)
    {
        foreach (ref readonly var quantifier in quantifiers.AsSpan())
        {
            if (quantifier.Word == bound)
            {
                return true;
            }
        }

        return false;
    }
}
