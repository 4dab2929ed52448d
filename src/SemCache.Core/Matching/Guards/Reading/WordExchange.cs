namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>
/// Finds two phrases that have changed places in a prompt of otherwise the same words: "did Germany beat Brazil",
/// "did Brazil beat Germany". Vectors hardly see it: the words are the same.
/// </summary>
internal static class WordExchange
{
    private const int LongestPhrase = 3;

    /// <summary>
    /// The first of the exchanged phrases in each prompt; null when nothing is exchanged, or when it does not matter
    /// which comes first: tea and coffee, the difference between them, which of them is better.
    /// </summary>
    public static Difference? Find(PromptReading asked, PromptReading stored)
    {
        ReadOnlySpan<Token> ours = asked.Tokens, theirs = stored.Tokens;
        if (ours.Length != theirs.Length)
        {
            return null;
        }

        int head = 0, tail = 0;
        while (head < ours.Length && ours[head].Text == theirs[head].Text)
        {
            head++;
        }

        while (tail < ours.Length - head && ours[^(tail + 1)].Text == theirs[^(tail + 1)].Text)
        {
            tail++;
        }

        var mine = ours[head..^tail];
        var other = theirs[head..^tail];
        for (int first = 1; first <= LongestPhrase; first++)
        {
            for (int last = 1; last <= LongestPhrase && first + last < mine.Length; last++)
            {
                if (AreEqual(mine[..first], other[^first..]) && AreEqual(mine[^last..], other[..last])
                    && AreEqual(mine[first..^last], other[last..^first])
                    && IsPhrase(mine[..first]) && IsPhrase(mine[^last..])
                    && Orders(ours[..head], mine[first..^last], ours[^tail..])
                    && IsSentence(ours) && !Compares(ours))
                {
                    return new Difference(FactOf(mine[..first]), FactOf(other[..last]));
                }
            }
        }

        return null;
    }

    /// <summary>
    /// What is between the phrases gives each another part. It does not where it only lists them: tea or coffee, left
    /// wing and right wing, on Monday on foot.
    /// </summary>
    private static bool Orders(ReadOnlySpan<Token> before, ReadOnlySpan<Token> between, ReadOnlySpan<Token> behind)
    {
        int start = 0, end = between.Length;
        while (start < end && IsListing(between[start].Text))
        {
            start++;
        }

        while (end > start && IsListing(between[end - 1].Text))
        {
            end--;
        }

        var core = between[start..end];
        return core.Length > 0
            && !(before.Length >= core.Length && AreEqual(before[^core.Length..], core))
            && !(behind.Length >= core.Length && AreEqual(behind[..core.Length], core));
    }

    private static bool IsListing(string word) =>
        word is "and" or "or" or "nor" or "vs" or "versus" or "with" or "&" || IsArticle(word);

    private static bool IsArticle(string word) => word is "a" or "an" or "the";

    /// <summary>Keywords mean the same in any order: sort list python.</summary>
    private static bool IsSentence(ReadOnlySpan<Token> prompt)
    {
        foreach (ref readonly var token in prompt)
        {
            if (token.Lexeme.IsFunction)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What is asked of both alike: how A differs from B is how B differs from A.</summary>
    private static bool Compares(ReadOnlySpan<Token> prompt)
    {
        foreach (ref readonly var token in prompt)
        {
            if (token.Text is "between" or "compare" or "compared" or "comparison" or "differ" or "different"
                or "difference" or "differences" or "distance" or "far" or "similar" or "same" or "equal" or "related"
                or "relationship" or "better" or "worse")
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Names a thing. For next semester, how many, in Rome stand anywhere.</summary>
    private static bool IsPhrase(ReadOnlySpan<Token> words)
    {
        if (words[0].Lexeme.IsFunction && !IsArticle(words[0].Text))
        {
            return false;
        }

        foreach (ref readonly var token in words)
        {
            if (!token.Lexeme.IsFunction)
            {
                return true;
            }
        }

        return false;
    }

    private static bool AreEqual(ReadOnlySpan<Token> one, ReadOnlySpan<Token> other)
    {
        if (one.Length != other.Length)
        {
            return false;
        }

        for (int i = 0; i < one.Length; i++)
        {
            if (one[i].Text != other[i].Text)
            {
                return false;
            }
        }

        return true;
    }

    private static Fact FactOf(ReadOnlySpan<Token> phrase) =>
        Fact.Of(phrase[0].Text, phrase[0].Start, phrase[^1].Start + phrase[^1].Length - phrase[0].Start);
}
