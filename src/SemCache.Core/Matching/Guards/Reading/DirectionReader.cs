namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>What a prompt goes from and what it goes to, in words.</summary>
/// <param name="From">Distinct words, in order.</param>
/// <param name="To">Distinct words, in order.</param>
internal sealed record Directions(Fact[] From, Fact[] To)
{
    public static Directions None { get; } = new([], []);
}

/// <summary>Finds where prompts go from and to: from A to B, to B from A, convert A to B, A into B, A → B.</summary>
internal static class DirectionReader
{
    /// <summary>A name of a place or thing has seldom more words.</summary>
    private const int LongestPhrase = 3;

    /// <summary>So far back a verb that takes "with" or "by" or "in" governs it.</summary>
    private const int FarthestVerb = 5;

    public static Directions Read(Token[] tokens)
    {
        List<Fact>? from = null, to = null;
        for (int i = 0; i < tokens.Length; i++)
        {
            switch (tokens[i].Text)
            {
                case "from":
                    Ahead(tokens, i, ref from);
                    break;
                case "to" when !IsInfinitive(tokens, i):
                case "into" or "onto" or "→" or "toward" or "towards":
                    Back(tokens, i, ref from);
                    Ahead(tokens, i, ref to);
                    break;
                case "with" or "by" or "in" when Governs(tokens, i) || StandsBetweenUnits(tokens, i):
                    Back(tokens, i, ref from);
                    Ahead(tokens, i, ref to);
                    break;
            }
        }

        return from is null && to is null ? Directions.None : new Directions(Distinct(from), Distinct(to));
    }

    private static Fact[] Distinct(List<Fact>? facts) => facts is null ? [] : Fact.Distinct(facts);

    /// <summary>"To" before a verb leads nowhere: how to, want to, the best way to.</summary>
    private static bool IsInfinitive(Token[] tokens, int i)
    {
        if (i == 0)
        {
            return false;
        }

        string before = tokens[i - 1].Text;
        if (before is "way" or "ways" or "want" or "need" or "like" or "able" or "going" or "trying" or "used"
            or "order" or "possible" or "steps" or "things" or "start" or "learn" or "try" or "best" or "how" or "what"
            or "where" or "when" or "have" or "has" or "had" or "is" or "are" or "be" or "it")
        {
            return true;
        }

        return i + 1 < tokens.Length && IsConversion(tokens[i + 1].Text);
    }

    private static bool IsConversion(string word) =>
        word is "convert" or "translate" or "change" or "transform" or "exchange" or "turn" or "cast" or "parse"
            or "map" or "go" or "get" or "move" or "travel" or "fly" or "transfer" or "migrate" or "switch" or "replace"
            or "copy";

    /// <summary>Replace A with B, divide A by B, translate A in B.</summary>
    private static bool Governs(Token[] tokens, int i)
    {
        string link = tokens[i].Text;
        for (int back = 1; back <= FarthestVerb && back <= i; back++)
        {
            string verb = tokens[i - back].Text;
            bool governs = link switch
            {
                "with" => verb is "replace" or "substitute" or "replacing" or "replaced",
                "by" => verb is "divide" or "divided" or "dividing" or "replaced",
                _ => verb is "convert" or "converting" or "many" or "translate",
            };
            if (governs)
            {
                return true;
            }

            // Convert A to B in Python: the verb has its "to".
            if (verb is "to" or "into" || tokens[i - back].Before == Boundary.Sentence)
            {
                return false;
            }
        }

        return false;
    }

    /// <summary>5 miles in km: asks for a conversion without a verb.</summary>
    private static bool StandsBetweenUnits(Token[] tokens, int i) =>
        tokens[i].Text == "in" && i > 0 && i + 1 < tokens.Length
        && tokens[i - 1].Lexeme.Unit > 0 && tokens[i + 1].Lexeme.Unit > 0;

    private static void Ahead(Token[] tokens, int link, ref List<Fact>? words)
    {
        int taken = 0;
        for (int i = link + 1; i < tokens.Length && taken < LongestPhrase; i++)
        {
            if (tokens[i].Before == Boundary.Sentence || (taken > 0 && tokens[i].Before == Boundary.Phrase)
                || !Take(tokens[i], ref taken, ref words))
            {
                return;
            }
        }
    }

    private static void Back(Token[] tokens, int link, ref List<Fact>? words)
    {
        int taken = 0;
        for (int i = link - 1; i >= 0 && taken < LongestPhrase; i--)
        {
            if (tokens[i + 1].Before >= Boundary.Phrase || !Take(tokens[i], ref taken, ref words))
            {
                return;
            }
        }
    }

    /// <summary>Adds a word of the phrase; false where the phrase ends.</summary>
    private static bool Take(in Token token, ref int taken, ref List<Fact>? words)
    {
        if (!IsContent(token))
        {
            return IsArticle(token.Text);
        }

        Add(token, ref words);
        taken++;
        return true;
    }

    private static bool IsArticle(string word) =>
        word is "a" or "an" or "the" or "my" or "your" or "one" or "his" or "her";

    private static bool IsContent(in Token token) =>
        token.Kind is TokenKind.Code or TokenKind.Link or TokenKind.Number
        || (token.Kind == TokenKind.Word && !token.Lexeme.IsFunction && !IsConversion(token.Text));

    private static void Add(in Token token, ref List<Fact>? words)
    {
        string word = token.Lexeme.Name
            ?? (token.Lexeme.Unit > 0 ? Lexicon.UnitOf(token.Lexeme.Unit).Name
                : token.Text.Length > 3 && token.Text[^1] == 's' ? token.Text[..^1] : token.Text);
        (words ??= []).Add(Fact.Of(word, token.Start, token.Length));
    }
}
