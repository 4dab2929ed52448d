namespace SemCache.LoadTest.Texts;

/// <summary>Light rewordings: another text to the exact match, the same question to any reader.</summary>
internal static class Rewordings
{
    /// <summary>A rewording of the text; its kind goes round with the number.</summary>
    public static string Of(string text, int number)
    {
        string bare = text.TrimEnd('?', '.', '!', ' ');
        return (number % 5) switch
        {
            0 => $"{bare} ?!",
            1 => $"{bare}, please?",
            2 => $"Please, {LowerFirst(bare)}?",
            3 => $"{bare}??",
            _ => $"{bare.ToLowerInvariant()}?!",
        };
    }

    private static string LowerFirst(string text) =>
        text.Length == 0 ? text : char.ToLowerInvariant(text[0]) + text[1..];
}
