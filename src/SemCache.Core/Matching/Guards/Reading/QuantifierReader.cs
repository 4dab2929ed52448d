namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>Finds what says how many of something or which in a row: all, only, first, last, at least, the largest.</summary>
internal static class QuantifierReader
{
    public static Fact[] Read(Token[] tokens)
    {
        List<Fact>? facts = null;
        for (int i = 0; i < tokens.Length; i++)
        {
            if (tokens[i].Kind == TokenKind.Word && Find(tokens, i, out bool loose) is { } quantifier)
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
            case "first" or "initial" or "1st":
                return "first";
            case "last" or "final":
                return "last";
            case "least" when before == "at":
            case "minimum" when before == "a":
                return "at least";
            case "most" when before == "at":
            case "maximum" when before == "a":
                return "at most";
            case "more" or "greater" or "larger" or "higher" or "longer" or "later" when TextAt(tokens, i + 1) == "than":
                return negated ? "at most" : "more than";
            case "less" or "fewer" or "smaller" or "lower" or "shorter" or "earlier" when TextAt(tokens, i + 1) == "than":
                return negated ? "at least" : "less than";
            case "more" when before == "or":
                return "at least";
            case "less" or "fewer" when before == "or" && TextAt(tokens, i - 2) != "more":
                return "at most";
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
        word.Length > 5 && word.EndsWith("est", StringComparison.Ordinal) && word is not ("interest" or "request" or "forest"
            or "honest" or "dishonest" or "invest" or "suggest" or "protest" or "contest" or "harvest" or "arrest" or "digest"
            or "ernest" or "modest" or "inquest" or "conquest" or "latest" or "priest" or "bequest" or "reinvest" or "pinterest"
            or "budapest" or "everest" or "midwest" or "northwest" or "southwest" or "ingest" or "tempest" or "rainforest"
            or "disinterest" or "manifest" or "infest" or "detest" or "attest" or "wildest");

    private static string TextAt(Token[] tokens, int i) => i >= 0 && i < tokens.Length ? tokens[i].Text : "";
}
