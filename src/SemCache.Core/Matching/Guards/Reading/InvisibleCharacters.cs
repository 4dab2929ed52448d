using System.Buffers;

namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>
/// Characters without width that copied text is full of: soft hyphens, zero-width spaces, marks of direction. They would cut
/// "don't" and "1000" in two.
/// </summary>
internal static class InvisibleCharacters
{
    private static readonly SearchValues<char> _all = SearchValues.Create(
        "\u00AD\u061C\u200B\u200C\u200D\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2060\u2061\u2062\u2063\u2064"
        + "\u2066\u2067\u2068\u2069\uFEFF");

    /// <summary>The text without them; the same instance when it has none.</summary>
    public static string RemoveFrom(string text)
    {
        int first = text.AsSpan().IndexOfAny(_all);
        if (first < 0)
        {
            return text;
        }

        char[] kept = new char[text.Length];
        text.CopyTo(0, kept, 0, first);
        int length = first;
        foreach (char c in text.AsSpan(first))
        {
            if (!_all.Contains(c))
            {
                kept[length++] = c;
            }
        }

        return new string(kept, 0, length);
    }
}
