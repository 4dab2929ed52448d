namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>Reads signs that calculate and compare: 2+2 is two plus two, and x &gt; 5 is x more than five.</summary>
internal static class OperatorSigns
{
    /// <summary>
    /// The word or bound (see <see cref="QuantifierReader"/>) that a sign stands for; null where it is something else: a
    /// list's bullet, a tag, a quotation.
    /// </summary>
    /// <param name="text">The prompt.</param>
    /// <param name="at">Where the sign stands.</param>
    /// <param name="length">Of the sign, 1 or 2.</param>
    public static string? Read(string text, int at, out int length)
    {
        length = 1;
        switch (text[at])
        {
            case '+' when JoinsNumbers(text, at):
                return "plus";
            case '-' or '−' when JoinsNumbers(text, at):
                return "minus";
            case '*' or '×' when JoinsNumbers(text, at):
                return "times";
            case '÷' when JoinsNumbers(text, at):
                return "divided";
            case '<' or '>':
                bool includes = at + 1 < text.Length && text[at + 1] == '=';
                length = includes ? 2 : 1;
                return !Compares(text, at, length) ? null
                    : text[at] == '<' ? (includes ? QuantifierReader.AtMost : QuantifierReader.LessThan)
                    : includes ? QuantifierReader.AtLeast : QuantifierReader.MoreThan;
            default:
                return null;
        }
    }

    private static bool JoinsNumbers(string text, int at) =>
        Beside(text, at, -1) is { } left && char.IsDigit(left) && Beside(text, at, 1) is { } right && char.IsDigit(right);

    /// <summary>Something stands on both sides, with spaces around the sign unless a number follows it.</summary>
    private static bool Compares(string text, int at, int length)
    {
        int last = at + length - 1;
        return Beside(text, at, -1) is { } left && (char.IsLetterOrDigit(left) || left is '_' or ')' or ']')
            && Beside(text, last, 1) is { } right && (char.IsLetterOrDigit(right) || right is '_' or '-' or '$')
            && (char.IsDigit(right) || (text[at - 1] == ' ' && text[last + 1] == ' '));
    }

    /// <summary>The character next to the sign, over one space; null at the text's end.</summary>
    private static char? Beside(string text, int at, int step)
    {
        int i = at + step;
        i += i >= 0 && i < text.Length && text[i] == ' ' ? step : 0;
        return i >= 0 && i < text.Length ? text[i] : null;
    }
}
