using SemCache.Core.Matching.Guards.Reading;

namespace SemCache.Core.Matching.Guards;

/// <summary>What is asked for: who, when, where, why, how, how many, how long.</summary>
internal sealed class QuestionGuard : IGuard
{
    public string Name => "question";

    public GuardFinding Compare(PromptReading asked, PromptReading stored)
    {
        var (one, other) = (asked.Manner.Question, stored.Manner.Question);
        if (one == other || one == QuestionKind.Open || other == QuestionKind.Open)
        {
            return GuardFinding.Pass;
        }

        var difference = new Difference(asked.Manner.QuestionWord, stored.Manner.QuestionWord);
        return difference.As(GuardVerdict.Stop, asked, stored);
    }
}
