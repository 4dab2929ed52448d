namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>Finds the words that negate a prompt.</summary>
internal static class NegationReader
{
    /// <summary>
    /// The first negation, a certain one before a loose one, or null. Loose is one outside the question, and a word
    /// that can say the same without being a negation: except, avoid, stop.
    /// </summary>
    public static Fact? Read(string text, Token[] tokens)
    {
        Fact? first = null;
        bool asks = text.Contains('?', StringComparison.Ordinal);
        bool outsideQuestion = false;
        for (int i = 0; i < tokens.Length; i++)
        {
            if (asks && (i == 0 || tokens[i].Before == Boundary.Sentence))
            {
                outsideQuestion = !IsQuestion(text, tokens, i);
            }

            if (tokens[i].Kind != TokenKind.Word)
            {
                continue;
            }

            string word = tokens[i].Text;
            bool negates = IsNegation(word) && !IsIdiom(tokens, i);
            if (negates && !outsideQuestion && !IsConfession(tokens, i))
            {
                return Fact.Of(word, tokens[i].Start, tokens[i].Length);
            }

            if (first is null && (negates || SaysTheSame(tokens, i)))
            {
                first = Fact.Of(word, tokens[i].Start, tokens[i].Length, loose: true);
            }
        }

        return first;
    }

    private static bool IsNegation(string word) => word switch
    {
        "not" or "no" or "never" or "without" or "none" or "nobody" or "nothing" or "nowhere" or "neither" or "cannot"
            or "unable" or "non" or "dont" or "doesnt" or "didnt" or "cant" or "wont" or "isnt" or "arent" or "wasnt"
            or "werent" or "shouldnt" or "wouldnt" or "couldnt" or "havent" or "hasnt" or "aint" => true,
        _ => word.Length > 2 && word.EndsWith("n't", StringComparison.Ordinal),
    };

    private static bool SaysTheSame(Token[] tokens, int i) => tokens[i].Text switch
    {
        "except" or "excluding" or "exclude" or "excludes" or "lack" or "lacks" or "lacking" or "avoid" or "avoiding"
            or "stop" or "stopping" or "prevent" or "preventing" or "refuse" or "fail" or "fails" or "nonstop"
            or "nonexistent" or "missing" or "unavailable" or "impossible" => true,
        "other" => i + 1 < tokens.Length && tokens[i + 1].Text == "than",
        _ => false,
    };

    private static bool IsIdiom(Token[] tokens, int i)
    {
        string before = i > 0 ? tokens[i - 1].Text : "";
        bool ends = i + 1 == tokens.Length || tokens[i + 1].Before == Boundary.Sentence;
        string after = ends ? "" : tokens[i + 1].Text;
        return tokens[i].Text switch
        {
            "not" => before is "or" or "if" || after is "only" or "just" || (before == "why" && ends)
                || IsBound(tokens, i)
                || (before is "may" or "might" or "do" && i > 1 && tokens[i - 2].Text == "or"),
            "no" => before == "or" || after is "matter" or "doubt" or "stop" || IsBound(tokens, i)
                || (!ends && tokens[i + 1].Kind == TokenKind.Number),
            _ => IsTag(tokens, i),
        };
    }

    /// <summary>No more than, not later than, not before: a bound, see the guard of quantifiers.</summary>
    private static bool IsBound(Token[] tokens, int i)
    {
        if (i + 1 == tokens.Length)
        {
            return false;
        }

        string after = tokens[i + 1].Text;
        return after is "before" or "after" or "over" or "under" or "above" or "below"
            || (i + 2 < tokens.Length && tokens[i + 2].Text == "than"
                && (after is "more" or "less" || after.EndsWith("er", StringComparison.Ordinal)));
    }

    /// <summary>I don't know how to: says why somebody asks, and seldom what.</summary>
    private static bool IsConfession(Token[] tokens, int i) =>
        i > 0 && (tokens[i].Text is "don't" or "dont"
            ? tokens[i - 1].Text == "i"
            : tokens[i].Text == "not" && tokens[i - 1].Text == "do" && i > 1 && tokens[i - 2].Text == "i")
        && i + 2 < tokens.Length && tokens[i + 1].Text == "know"
        && tokens[i + 2].Text is "how" or "what" or "where" or "which" or "who" or "why" or "when" or "if" or "whether";

    /// <summary>A question tag: <c>…, isn't it?</c></summary>
    private static bool IsTag(Token[] tokens, int i) =>
        i > 0 && tokens[i].Before == Boundary.Phrase && i + 1 < tokens.Length
        && tokens[i + 1].Text is "it" or "he" or "she" or "they" or "you" or "we" or "i" or "there"
        && (i + 2 == tokens.Length || tokens[i + 2].Before == Boundary.Sentence);

    /// <summary>
    /// Whether the sentence ends in a question mark. Where another one does, this only tells how the prompt came to
    /// ask.
    /// </summary>
    private static bool IsQuestion(string text, Token[] tokens, int first)
    {
        int next = first + 1;
        while (next < tokens.Length && tokens[next].Before != Boundary.Sentence)
        {
            next++;
        }

        int end = tokens[next - 1].Start + tokens[next - 1].Length;
        int start = next < tokens.Length ? tokens[next].Start : text.Length;
        return text.AsSpan(end, start - end).Contains('?');
    }
}
