namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>
/// Finds what says how many of something or which in a row: all, only, first, last, at least, the largest.
/// </summary>
internal static class QuantifierReader
{
    public const string AtLeast = "at least";
    public const string AtMost = "at most";
    public const string MoreThan = "more than";
    public const string LessThan = "less than";

    public static Fact[] Read(Token[] tokens)
    {
        List<Fact>? facts = null;
        for (int i = 0; i < tokens.Length; i++)
        {
            if (tokens[i] is { Kind: TokenKind.Number, Text: "1" } && TextAt(tokens, i + 1) == "st")
            {
                (facts ??= []).Add(Fact.Of("first", tokens[i].Start, tokens[i].Length));
            }
            else if (tokens[i] is { Kind: TokenKind.Sign, Text: AtLeast or AtMost or MoreThan or LessThan })
            {
                (facts ??= []).Add(Fact.Of(tokens[i].Text, tokens[i].Start, tokens[i].Length));
            }
            else if (tokens[i].Kind == TokenKind.Word && Find(tokens, i, out bool loose) is { } quantifier)
            {
                (facts ??= []).Add(Fact.Of(quantifier, tokens[i].Start, tokens[i].Length, loose));
            }
        }

        return facts is null ? [] : Fact.Distinct(facts);
    }

    private static string? Find(Token[] tokens, int i, out bool loose)
    {
        string word = tokens[i].Text;
        string before = i > 0 ? tokens[i - 1].Text : "";
        bool negated = before is "no" or "not";
        loose = false;
        switch (word)
        {
            case "all" or "every" or "each" or "entire" or "both":
                return "all";
            case "none":
                return "none";
            case "first" or "initial":
                return "first";
            case "last" or "final":
                return "last";
            case "least" when before == "at":
            case "minimum" when before == "a":
                return AtLeast;
            case "most" when before == "at":
            case "maximum" when before == "a":
                return AtMost;
            case "more" or "greater" or "larger" or "higher" or "longer" or "later"
                when TextAt(tokens, i + 1) == "than":
                return negated ? AtMost : MoreThan;
            case "less" or "fewer" or "smaller" or "lower" or "shorter" or "earlier"
                when TextAt(tokens, i + 1) == "than":
                return negated ? AtLeast : LessThan;
            case "over" or "above" or "after" when IsNumber(tokens, i + 1):
                return negated ? AtMost : MoreThan;
            case "under" or "below" or "before" when IsNumber(tokens, i + 1):
                return negated ? AtLeast : LessThan;
            case "more" or "later" or "after" when before == "or":
                return AtLeast;
            case "less" or "fewer" or "earlier" or "before" when before == "or" && TextAt(tokens, i - 2) != "more":
                return AtMost;
            case "most" or "least":
                return word;
            case "some" or "any" or "few" or "several" or "only" or "top" or "many":
                loose = true;
                return word;
            default:
                return IsSuperlative(word) ? word : null;
        }
    }

    private static bool IsSuperlative(string word) =>
        word.Length > 5 && word.EndsWith("est", StringComparison.Ordinal)
            && word is not ("interest" or "request" or "forest" or "honest" or "dishonest" or "invest" or "suggest"
                or "protest" or "contest" or "harvest" or "arrest" or "digest" or "ernest" or "modest" or "inquest"
                or "conquest" or "latest" or "priest" or "bequest" or "reinvest" or "pinterest" or "budapest"
                or "everest" or "midwest" or "northwest" or "southwest" or "ingest" or "tempest" or "rainforest"
                or "disinterest" or "manifest" or "infest" or "detest" or "attest" or "wildest");

    private static bool IsNumber(Token[] tokens, int i) =>
        i < tokens.Length && (tokens[i].Kind == TokenKind.Number || tokens[i].Lexeme.NumberRole == NumberRole.Cardinal
            || (tokens[i].Kind == TokenKind.Sign && i + 1 < tokens.Length && tokens[i + 1].Kind == TokenKind.Number));

    private static string TextAt(Token[] tokens, int i) => i >= 0 && i < tokens.Length ? tokens[i].Text : "";
}
