using SemCache.Core;

namespace SemCache.Cli.Evaluation.Data;

/// <summary>One prompt is stored, the other one asked, and nothing else is in the cache.</summary>
/// <param name="Stored">The prompt that has an answer.</param>
/// <param name="Asked">The prompt that is looked up.</param>
/// <param name="SameAnswer">Whether that answer serves it.</param>
internal sealed record Trial(Prompt Stored, Prompt Asked, bool SameAnswer)
{
    public string StoredShown => Data.Asked.Show(Stored);

    public string AskedShown => Data.Asked.Show(Asked);

    /// <summary>The trials that a file makes.</summary>
    /// <remarks>
    /// Pairs: each line. Multi-turn: each rewrite stored and its question asked behind its history, which one answer
    /// serves; and each question asked behind its history after the same question behind another one, which need two
    /// answers when their rewrites differ.
    /// </remarks>
    /// <exception cref="UsageException">The file's lines make no pairs.</exception>
    public static IReadOnlyList<Trial> Of(DataFile file) => file.Lines[0] switch
    {
        PairLine => [.. file.Lines.Cast<PairLine>().Select(pair =>
            new Trial(Prompt.FromText(pair.A), Prompt.FromText(pair.B), pair.SameAnswer))],
        TurnLine => OfTurns(file.Lines.Cast<TurnLine>()),
        _ => throw new UsageException(
            $"{file.Name} has {file.Kind}, which make no pairs: give --mode stream or {{\"a\",\"b\",\"label\"}}."),
    };

    private static List<Trial> OfTurns(IEnumerable<TurnLine> lines)
    {
        List<Trial> trials = [];
        var lastWith = new Dictionary<string, TurnLine>();
        foreach (var line in lines)
        {
            var asked = Data.Asked.Conversation(line.History, line.Question);
            trials.Add(new Trial(Prompt.FromText(line.Rewrite), asked, SameAnswer: true));
            if (lastWith.TryGetValue(line.Question, out var earlier) && earlier.Rewrite != line.Rewrite)
            {
                trials.Add(new Trial(
                    Data.Asked.Conversation(earlier.History, earlier.Question), asked, SameAnswer: false));
            }

            lastWith[line.Question] = line;
        }

        return trials;
    }
}
