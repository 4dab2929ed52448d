namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>
/// Finds a rare word that stands where another rare word stands in a prompt of otherwise the same words: "who directed
/// the film panic", "who directed the film bethlehem". The only sign of a name in prompts without upper case.
/// </summary>
internal static class WordSwap
{
    private const int LongestSwap = 4;
    private const int ShortestFrame = 3;
    private const int ShortestTail = 2;
    private const int ShortestWord = 3;

    /// <summary>
    /// The swapped words; null when nothing is swapped, or the prompts differ in more than one place.
    /// </summary>
    /// <param name="asked">The one prompt.</param>
    /// <param name="stored">The other.</param>
    /// <param name="certain">Nothing but rare words is swapped, at the end or one for one.</param>
    public static Difference? Find(PromptReading asked, PromptReading stored, out bool certain)
    {
        certain = false;
        ReadOnlySpan<Token> ours = asked.Tokens, theirs = stored.Tokens;
        int shorter = Math.Min(ours.Length, theirs.Length);
        int head = 0, tail = 0;
        while (head < shorter && ours[head].Text == theirs[head].Text)
        {
            head++;
        }

        while (tail < shorter - head && ours[^(tail + 1)].Text == theirs[^(tail + 1)].Text)
        {
            tail++;
        }

        var mine = ours[head..^tail];
        var other = theirs[head..^tail];
        // A keyword query may open with the name: netflix customer service.
        bool isFramed = head > 0
            ? head + tail >= ShortestFrame
            : tail >= ShortestTail && mine.Length == 1 && other.Length == 1;
        if (!isFramed || mine.Length is 0 or > LongestSwap || other.Length is 0 or > LongestSwap
            || Rare(mine, theirs) is not { } one || Rare(other, ours) is not { } two)
        {
            return null;
        }

        certain = (tail == 0 || mine.Length + other.Length == 2) && AreRare(mine) && AreRare(other);
        return new Difference(one, two);
    }

    /// <summary>The first rare word that the other prompt does not have in another spelling.</summary>
    private static Fact? Rare(ReadOnlySpan<Token> swapped, ReadOnlySpan<Token> others)
    {
        foreach (ref readonly var token in swapped)
        {
            if (IsRare(token) && !NameMatch.HasSpelling(token.Text, others))
            {
                return Fact.Of(token.Text, token.Start, token.Length);
            }
        }

        return null;
    }

    private static bool AreRare(ReadOnlySpan<Token> swapped)
    {
        foreach (ref readonly var token in swapped)
        {
            if (!token.Lexeme.IsFunction && !IsRare(token))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsRare(in Token token) =>
        token.Kind == TokenKind.Word && token.Length >= ShortestWord
        && token.Lexeme is { IsCommon: false, Unit: 0, TakesParticle: false, Opposites.Length: 0 };
}
