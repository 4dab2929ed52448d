namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>What a question asks for.</summary>
internal enum QuestionKind : byte
{
    /// <summary>No question, questions of several kinds, or one whose kind is not told by its first words.</summary>
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
        QuestionKind? first = null;
        Fact? word = null;
        for (int i = 0; i < tokens.Length; i++)
        {
            if (!Opens(tokens, i) || KindAt(tokens, i) is not { } kind || kind == first)
            {
                continue;
            }

            if (first is not null)
            {
                return (QuestionKind.Open, null);
            }

            first = kind;
            word = Fact.Of(tokens[i].Text, tokens[i].Start, tokens[i].Length);
        }

        return (first ?? QuestionKind.Open, word);
    }

    /// <summary>
    /// A word can ask where a sentence begins, behind a preposition there, and behind verbs of knowing.
    /// </summary>
    private static bool Opens(Token[] tokens, int i) =>
        tokens[i].Kind == TokenKind.Word
        && (tokens[i].Before == Boundary.Sentence
            || tokens[i - 1].Text is "know" or "tell" or "me" or "explain" or "wonder" or "wondering" or "understand"
                or "so" or "but" or "ask" or "learn" or "see"
            || (tokens[i - 1].Before == Boundary.Sentence && tokens[i - 1].Lexeme.IsFunction
                && !IsInterrogative(tokens[i - 1].Text) && tokens[i].Text.StartsWith("wh", StringComparison.Ordinal)));

    private static QuestionKind? KindAt(Token[] tokens, int i)
    {
        string next = TextAt(tokens, i + 1);
        if (next is "and" or "or" || next.StartsWith("wh", StringComparison.Ordinal))
        {
            // When and where: asks for more than one thing.
            return IsInterrogative(tokens[i].Text) ? QuestionKind.Open : null;
        }

        switch (tokens[i].Text)
        {
            case "who" or "whom" or "whose":
                return QuestionKind.Who;
            case "when":
                return IsAuxiliary(next) ? QuestionKind.When : null;
            case "where":
                return IsAuxiliary(next) ? QuestionKind.Where : null;
            case "why":
                return QuestionKind.Why;
            case "how":
                return How(next, TextAt(tokens, i + 2));
            case "what" or "which":
                return What(tokens, i, next);
            default:
                return IsAuxiliary(tokens[i].Text) && tokens[i].Before == Boundary.Sentence ? QuestionKind.YesNo : null;
        }
    }

    private static bool IsInterrogative(string word) =>
        word is "who" or "whom" or "whose" or "when" or "where" or "why" or "how" or "what" or "which";

    private static bool IsAuxiliary(string word) =>
        word is "is" or "are" or "was" or "were" or "do" or "does" or "did" or "can" or "could" or "should" or "will"
            or "would" or "has" or "have" or "had" or "am" or "may" or "isn't" or "aren't" or "don't" or "doesn't"
            or "didn't" or "can't" or "won't";

    private static QuestionKind How(string next, string afterNext) => next switch
    {
        "many" when afterNext is "times" => QuestionKind.HowOften,
        "many" when afterNext is "days" or "hours" or "weeks" or "months" or "years" or "minutes" =>
            QuestionKind.HowLong,
        "many" when afterNext is "miles" or "kilometers" or "kilometres" or "km" or "kms" => QuestionKind.HowFar,
        "many" => QuestionKind.HowMany,
        "much" when afterNext is "time" => QuestionKind.HowLong,
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
