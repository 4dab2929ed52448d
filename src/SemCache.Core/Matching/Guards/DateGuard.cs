using SemCache.Core.Matching.Guards.Reading;

namespace SemCache.Core.Matching.Guards;

/// <summary>Dates and times: years, months, days, weekdays, times of the day, today and tomorrow.</summary>
/// <remarks>
/// Measured with <c>semcache guards</c> on training pairs: stops 0.3 % of the different and 0.06 % of the same pairs
/// of Quora (77 % of what it stops there is different), 6.9 % of the different and 4.7 % of the same pairs of
/// text-to-SQL.
/// </remarks>
internal sealed class DateGuard : IGuard
{
    public string Name => "date";

    public GuardFinding Compare(PromptReading asked, PromptReading stored)
    {
        var difference = Difference.Of(asked.Quantities.Dates, stored.Quantities.Dates);
        bool differ = difference.IsBothSided
            && DateReader.TellTheSamePart(difference.OnlyAsked!.Value, difference.OnlyStored!.Value)
            && !Bounds.MeetAtOne(asked, stored);
        return difference.StopIf(differ, asked, stored);
    }
}
