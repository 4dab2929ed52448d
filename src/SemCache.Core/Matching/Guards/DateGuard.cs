using SemCache.Core.Matching.Guards.Reading;

namespace SemCache.Core.Matching.Guards;

/// <summary>Dates and times: years, months, days, weekdays, times of the day, today and tomorrow.</summary>
internal sealed class DateGuard : IGuard
{
    public string Name => "date";

    public GuardFinding Compare(PromptReading asked, PromptReading stored)
    {
        var difference = Difference.Of(asked.Quantities.Dates, stored.Quantities.Dates);
        var verdict = difference.IsBothSided && DateReader.TellTheSamePart(difference.OnlyAsked!.Value, difference.OnlyStored!.Value)
                && !Bounds.MeetAtOne(asked, stored)
                ? GuardVerdict.Stop
            : difference.IsBothSided || difference.IsOneSided ? GuardVerdict.Suspect
            : GuardVerdict.Pass;
        return difference.As(verdict, asked, stored);
    }
}
