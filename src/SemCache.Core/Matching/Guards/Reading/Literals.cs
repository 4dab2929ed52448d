namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>Finds what one prompt quotes in another.</summary>
internal static class Literals
{
    /// <summary>
    /// The whole other prompt is searched for so many quotations only: a hostile prompt must not cost more.
    /// </summary>
    private const int QuotesToSearch = 32;

    /// <summary>
    /// The first quotation that the other prompt has neither in marks nor in plain words; null if it has all.
    /// </summary>
    public static Fact? FirstMissing(Fact[] quotes, PromptReading other)
    {
        Fact? first = null;
        for (int i = 0; i < quotes.Length; i++)
        {
            if ((first is not { } found || quotes[i].Start < found.Start)
                && Array.BinarySearch(other.Quotes, quotes[i]) < 0
                && (i >= QuotesToSearch || !other.Visible.Contains(quotes[i].Word!, StringComparison.OrdinalIgnoreCase)))
            {
                first = quotes[i];
            }
        }

        return first;
    }
}
