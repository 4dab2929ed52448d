namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>Finds the words that negate a prompt.</summary>
internal static class NegationReader
{
    /// <summary>The first negation, or null. Idioms that negate nothing are left out: or not, not only, no matter.</summary>
    public static Fact? Read(Token[] tokens)
    {
        for (int i = 0; i < tokens.Length; i++)
        {
            if (tokens[i].Kind == TokenKind.Word && IsNegation(tokens[i].Text) && !IsIdiom(tokens, i))
            {
                return Fact.Of(tokens[i].Text, tokens[i].Start, tokens[i].Length);
            }
        }

        return null;
    }

    private static bool IsNegation(string word) => word switch
    {
        "not" or "no" or "never" or "without" or "none" or "nobody" or "nothing" or "nowhere" or "neither" or "cannot"
            or "unable" or "non" or "dont" or "doesnt" or "didnt" or "cant" or "wont" or "isnt" or "arent" or "wasnt"
            or "werent" or "shouldnt" or "wouldnt" or "couldnt" or "havent" or "hasnt" or "aint" => true,
        _ => word.Length > 3 && word.EndsWith("n't", StringComparison.Ordinal),
    };

    private static bool IsIdiom(Token[] tokens, int i)
    {
        string before = i > 0 ? tokens[i - 1].Text : "";
        bool ends = i + 1 == tokens.Length || tokens[i + 1].Before == Boundary.Sentence;
        string after = ends ? "" : tokens[i + 1].Text;
        return tokens[i].Text switch
        {
            "not" => before is "or" or "if" || after is "only" or "just" || (before == "why" && ends),
            "no" => before == "or" || after is "matter" or "doubt"
                || (!ends && (tokens[i + 1].Kind == TokenKind.Number)),
            _ => IsTag(tokens, i),
        };
    }

    /// <summary>A question tag: <c>…, isn't it?</c></summary>
    private static bool IsTag(Token[] tokens, int i) =>
        i > 0 && tokens[i].Before == Boundary.Phrase && i + 1 < tokens.Length
        && tokens[i + 1].Text is "it" or "he" or "she" or "they" or "you" or "we" or "i" or "there"
        && (i + 2 == tokens.Length || tokens[i + 2].Before == Boundary.Sentence);
}
