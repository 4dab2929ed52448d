namespace SemCache.LoadTest.Texts;

/// <summary>Questions for when no file of real ones is at hand: templates filled from word lists.</summary>
/// <remarks>
/// The same count always gives the same questions. Neighbours differ in topic as often as in detail, so that an index
/// sees clusters of like questions beside unrelated ones, as it does in real traffic.
/// </remarks>
internal static class QuestionGenerator
{
    private const int Seed = 20240229;

    public static IReadOnlyList<string> Take(int count)
    {
        var random = new Random(Seed);
        var seen = new HashSet<string>(count);
        var questions = new List<string>(count);
        while (questions.Count < count)
        {
            string question = Fill(Pick(QuestionWords.Templates, random), random);
            if (seen.Add(question))
            {
                questions.Add(question);
            }
        }

        return questions;
    }

    private static string Fill(string template, Random random)
    {
        string question = template;
        foreach ((string slot, string[] words) in QuestionWords.Slots)
        {
            if (question.Contains(slot, StringComparison.Ordinal))
            {
                question = question.Replace(slot, Pick(words, random), StringComparison.Ordinal);
            }
        }

        return question;
    }

    private static string Pick(string[] words, Random random) => words[random.Next(words.Length)];
}
