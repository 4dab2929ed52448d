namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>What a question asks for.</summary>
internal enum QuestionKind : byte
{
    /// <summary>No question, or one whose kind is not told by its first words.</summary>
    Open,

    /// <summary>A question that takes yes or no.</summary>
    YesNo,
    Who,
    When,
    Where,
    Why,
    How,
    HowMany,
    HowMuch,
    HowLong,
    HowOften,
    HowFar,
    HowOld,
    HowBig,
}

/// <summary>Finds what kind of question a prompt asks, and by which word.</summary>
internal static class QuestionReader
{
    public static (QuestionKind Kind, Fact? Word) Read(Token[] tokens)
    {
        for (int i = 0; i < tokens.Length; i++)
        {
            if (!Opens(tokens, i))
            {
                continue;
            }

            var kind = KindAt(tokens, i);
            if (kind is { } found)
            {
                return (found, Fact.Of(tokens[i].Text, tokens[i].Start, tokens[i].Length));
            }
        }

        return (QuestionKind.Open, null);
    }

    /// <summary>A word can ask where a sentence begins, behind a preposition there, and behind verbs of knowing.</summary>
    private static bool Opens(Token[] tokens, int i) =>
        tokens[i].Kind == TokenKind.Word
        && (tokens[i].Before == Boundary.Sentence
            || tokens[i - 1].Text is "know" or "tell" or "me" or "explain" or "wonder" or "wondering" or "understand" or "so"
                or "but" or "ask" or "learn" or "see"
            || (tokens[i - 1].Before == Boundary.Sentence && tokens[i - 1].Lexeme.IsFunction
                && KindAt(tokens, i - 1) is null && !tokens[i].Text.StartsWith("wh", StringComparison.Ordinal) == false));

    private static QuestionKind? KindAt(Token[] tokens, int i)
    {
        string next = TextAt(tokens, i + 1);
        switch (tokens[i].Text)
        {
            case "who" or "whom" or "whose":
                return QuestionKind.Who;
            case "when":
                return QuestionKind.When;
            case "where":
                return QuestionKind.Where;
            case "why":
                return QuestionKind.Why;
            case "how":
                return How(next);
            case "what" or "which":
                return What(tokens, i, next);
            case "is" or "are" or "was" or "were" or "do" or "does" or "did" or "can" or "could" or "should" or "will"
                or "would" or "has" or "have" or "had":
                return tokens[i].Before == Boundary.Sentence ? QuestionKind.YesNo : null;
            default:
                return null;
        }
    }

    private static QuestionKind How(string next) => next switch
    {
        "many" => QuestionKind.HowMany,
        "much" => QuestionKind.HowMuch,
        "long" => QuestionKind.HowLong,
        "often" or "frequently" => QuestionKind.HowOften,
        "far" => QuestionKind.HowFar,
        "old" => QuestionKind.HowOld,
        "big" or "large" or "tall" or "high" or "deep" or "wide" or "heavy" => QuestionKind.HowBig,
        "come" => QuestionKind.Why,
        _ => QuestionKind.How,
    };

    private static QuestionKind? What(Token[] tokens, int i, string next)
    {
        switch (next)
        {
            case "time" or "date" or "day" or "year" or "month":
                return QuestionKind.When;
            case "city" or "country" or "place" or "state":
                return QuestionKind.Where;
            case "person":
                return QuestionKind.Who;
        }

        if (next is not ("is" or "are" or "was" or "were") || TextAt(tokens, i + 2) is not ("the" or "a"))
        {
            return QuestionKind.Open;
        }

        string noun = TextAt(tokens, i + 3);
        return noun switch
        {
            "reason" or "reasons" or "cause" => QuestionKind.Why,
            "number" => QuestionKind.HowMany,
            "best" when TextAt(tokens, i + 4) is "way" or "ways" or "method" => QuestionKind.How,
            "way" or "ways" => QuestionKind.How,
            "distance" => QuestionKind.HowFar,
            _ => QuestionKind.Open,
        };
    }

    private static string TextAt(Token[] tokens, int i) => i < tokens.Length ? tokens[i].Text : "";
}
