using System.Globalization;
using System.Text;

namespace SemCache.Server.Tests.Durability.KillLoop;

/// <summary>
/// Responses that say whose they are. The rest of the text follows from that, so that a mixture of two, a part of one, or
/// another prompt's is noticed.
/// </summary>
internal static class ResponseContent
{
    private const int SmallBytes = 2_000;
    private const int LargeBytes = 20_000;
    private const int OneIsLargeOf = 50;

    /// <summary>The response of a prompt's version.</summary>
    public static string Of(int writer, int prompt, int version)
    {
        var random = new Random(HashCode(writer, prompt, version));
        int bytes = random.Next(OneIsLargeOf) == 0 ? LargeBytes : random.Next(SmallBytes);
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{version} {writer}/{prompt} ");
        while (text.Length < bytes)
        {
            text.Append((char)random.Next(' ', '~'));
        }

        return text.ToString();
    }

    /// <summary>Reads the version off a response; false when it is not, to the last byte, one of this prompt's.</summary>
    public static bool TryRead(string text, int writer, int prompt, out int version)
    {
        int end = text.IndexOf(' ', StringComparison.Ordinal);
        return int.TryParse(text.AsSpan(0, Math.Max(0, end)), CultureInfo.InvariantCulture, out version)
            && text == Of(writer, prompt, version);
    }

    private static int HashCode(int writer, int prompt, int version) =>
        unchecked((((writer * 31) + prompt) * 1_000_003) + version);
}
