using Google.Protobuf.WellKnownTypes;
using SemCache.Core;

namespace SemCache.Server.Mapping;

/// <summary>Reads fields whose type in the contract is wider than what is allowed.</summary>
internal static class FieldParser
{
    private static readonly TimeSpan _longest = TimeSpan.FromDays(365_000);

    /// <exception cref="InvalidRequestException">The message is absent.</exception>
    public static T Required<T>(T? value, string field)
        where T : class => value ?? throw new InvalidRequestException(field, "is missing; it is required");

    /// <exception cref="InvalidRequestException">The text is no id.</exception>
    public static Guid Id(string text, string field) => Guid.TryParseExact(text, "N", out Guid id)
        ? id
        : throw new InvalidRequestException(field, "is no id; allowed are the 32 hexadecimal digits that the server gave");

    /// <exception cref="InvalidRequestException">The message is no duration, or a longer one than there is use for.</exception>
    public static TimeSpan? Time(Duration? duration, string field)
    {
        if (duration is null)
        {
            return null;
        }

        if (Math.Abs((double)duration.Seconds) > _longest.TotalSeconds || Math.Abs((long)duration.Nanos) > 999_999_999
            || (long)Math.Sign(duration.Seconds) * Math.Sign(duration.Nanos) < 0)
        {
            throw new InvalidRequestException(
                field, $"is no valid duration; allowed are at most {_longest.TotalSeconds} seconds and 999999999 nanos");
        }

        return duration.ToTimeSpan();
    }

    /// <exception cref="InvalidRequestException">The message is no point in time.</exception>
    public static DateTimeOffset? Instant(Timestamp? timestamp, string field)
    {
        try
        {
            return timestamp?.ToDateTimeOffset();
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentOutOfRangeException)
        {
            throw new InvalidRequestException(field, "is no valid time; allowed are the years 1 to 9999");
        }
    }
}
