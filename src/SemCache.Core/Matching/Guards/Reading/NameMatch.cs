namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>
/// Finds a name of one prompt in another, however it is written there: in another case, with another ending (India,
/// Indian), with a slip of the pen, as an abbreviation (United Nations, UN).
/// </summary>
internal static class NameMatch
{
    /// <summary>Other spellings are looked for only within these bounds: a hostile prompt must not cost more.</summary>
    private const int NamesToSpell = 32;
    private const int WordsToCompare = 256;

    /// <summary>So many words are faster to scan than to hash.</summary>
    private const int WordsToScan = 64;

    private const int ShortestStem = 4;

    /// <summary>
    /// The first name, certain ones before loose ones, that the other prompt has in no form; null if it has all.
    /// </summary>
    public static Fact? FirstUnmatched(PromptReading reading, PromptReading other)
    {
        Fact? first = null;
        int spelled = 0;
        foreach (ref readonly var name in reading.Names.AsSpan())
        {
            if (first is { } found && (found.Loose, found.Start).CompareTo((name.Loose, name.Start)) <= 0)
            {
                continue;
            }

            if (!Has(other, name)
                && (spelled++ >= NamesToSpell
                    || !(HasSpelling(name.Word!, other.Tokens) || IsAbbreviatedBy(reading, name, other.Tokens))))
            {
                first = name;
            }
        }

        return first;
    }

    private static bool Has(PromptReading other, in Fact name)
    {
        if (Array.BinarySearch(other.Names, name) >= 0
            || Array.BinarySearch(other.Names, name with { Loose = !name.Loose }) >= 0)
        {
            return true;
        }

        if (other.Tokens.Length > WordsToScan)
        {
            return other.Words.Contains(name.Word!);
        }

        foreach (ref readonly var token in other.Tokens.AsSpan())
        {
            if (token.Text == name.Word)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether words have a name in another spelling; looks at the first of them only.</summary>
    public static bool HasSpelling(string name, ReadOnlySpan<Token> words)
    {
        words = words[..Math.Min(words.Length, WordsToCompare)];
        for (int i = 0; i < words.Length; i++)
        {
            if (words[i].Kind == TokenKind.Word
                && (IsSpelling(name, words[i].Text) || IsAbbreviation(name, words, i) || IsJoined(name, words, i)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The same word or stem, or one letter more, less, other or swapped.</summary>
    private static bool IsSpelling(string name, string word)
    {
        if (name == word)
        {
            return true;
        }

        int shorter = Math.Min(name.Length, word.Length);
        if (shorter < ShortestStem)
        {
            return word.Length == name.Length + 1 && word[^1] == 's' && word.StartsWith(name, StringComparison.Ordinal)
                || name.Length == word.Length + 1 && name[^1] == 's' && name.StartsWith(word, StringComparison.Ordinal);
        }

        int common = name.AsSpan().CommonPrefixLength(word);
        return common == shorter
            || (common >= 5 && common >= Math.Max(name.Length, word.Length) - 3)
            || (shorter >= 5 && IsOneSlip(name, word, common));
    }

    private static bool IsOneSlip(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int common)
    {
        var left = a[common..];
        var right = b[common..];
        return (left.Length == right.Length && left[1..].SequenceEqual(right[1..]))
            || (left.Length == right.Length + 1 && left[1..].SequenceEqual(right))
            || (right.Length == left.Length + 1 && right[1..].SequenceEqual(left))
            || (left.Length == right.Length && left.Length > 1 && left[0] == right[1] && left[1] == right[0]
                && left[2..].SequenceEqual(right[2..]));
    }

    /// <summary>The name's letters are the first letters of words from here on.</summary>
    private static bool IsAbbreviation(string name, ReadOnlySpan<Token> tokens, int from)
    {
        if (name.Length is < 2 or > 6)
        {
            return false;
        }

        int at = from;
        foreach (char letter in name)
        {
            while (at < tokens.Length && at > from && tokens[at].Text is "of" or "the" or "and" or "for"
                && tokens[at].Text[0] != letter)
            {
                at++;
            }

            if (at >= tokens.Length || tokens[at].Text[0] != letter)
            {
                return false;
            }

            at++;
        }

        return true;
    }

    /// <summary>Two words here are one word there: Face book.</summary>
    private static bool IsJoined(string name, ReadOnlySpan<Token> tokens, int i) =>
        i + 1 < tokens.Length && tokens[i].Text.Length + tokens[i + 1].Text.Length == name.Length
        && name.StartsWith(tokens[i].Text, StringComparison.Ordinal)
        && name.EndsWith(tokens[i + 1].Text, StringComparison.Ordinal);

    /// <summary>The name is part of words whose first letters stand in the other prompt as a word.</summary>
    private static bool IsAbbreviatedBy(PromptReading reading, in Fact name, ReadOnlySpan<Token> others)
    {
        var tokens = reading.Tokens.AsSpan();
        int at = 0;
        while (at < tokens.Length && tokens[at].Start < name.Start)
        {
            at++;
        }

        foreach (ref readonly var other in others[..Math.Min(others.Length, WordsToCompare)])
        {
            if (other.Kind != TokenKind.Word || other.Casing != Casing.Upper || other.Length > 6)
            {
                continue;
            }

            for (int from = Math.Max(0, at - 6); from <= at; from++)
            {
                if (from + other.Length > at && IsAbbreviation(other.Text, tokens, from))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
