using System.Text;

namespace SemCache.Core.Prompts;

/// <summary>
/// Brings texts that mean the same bytes into one form: Unicode NFC, line endings as \n, no outer white space. Nothing
/// that could change a meaning: case, inner white space and punctuation stay.
/// </summary>
internal static class CanonicalText
{
    /// <exception cref="InvalidRequestException">The text holds a lone surrogate, or U+FFFE, which the platform does not compose.</exception>
    public static string Of(string text, string field)
    {
        ReadOnlySpan<char> trimmed = text.AsSpan().Trim();
        bool hasCarriageReturn = trimmed.Contains('\r');
        bool isAscii = Ascii.IsValid(trimmed);
        if (trimmed.Length == text.Length && !hasCarriageReturn && isAscii)
        {
            return text;
        }

        string canonical = trimmed.ToString();
        if (hasCarriageReturn)
        {
            canonical = canonical.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        }

        return isAscii ? canonical : Compose(canonical, field);
    }

    /// <summary>Whether the platform composes characters at all: in globalization-invariant mode it does not.</summary>
    public static bool PlatformNormalizes => "e\u0301".Normalize(NormalizationForm.FormC).Length == 1;

    private static string Compose(string text, string field)
    {
        try
        {
            return text.Normalize(NormalizationForm.FormC);
        }
        catch (ArgumentException)
        {
            throw new InvalidRequestException(field, "holds half of a surrogate pair, or U+FFFE; allowed is Unicode without either");
        }
    }
}
