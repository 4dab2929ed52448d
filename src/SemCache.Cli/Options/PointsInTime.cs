using System.Globalization;

namespace SemCache.Cli.Options;

/// <summary>Points in time as people write them: an ISO 8601 time, or an age that counts back from now.</summary>
internal static class PointsInTime
{
    public const string Format = "a time like 2026-01-31T12:00:00Z (UTC when no offset is given) or an age like 2d";

    private static readonly string[] _formats =
    [
        "yyyy-MM-dd",
        "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mmK",
        "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ssK",
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK",
    ];

    public static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset time)
    {
        if (!Durations.TryParse(text, out var age))
        {
            return DateTimeOffset.TryParseExact(
                text.Trim(), _formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time);
        }

        var reachable = age < now - DateTimeOffset.MinValue;
        time = reachable ? now - age : default;
        return reachable;
    }
}
