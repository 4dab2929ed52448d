using SemCache.Core;

namespace SemCache.Cli.Evaluation.Data;

/// <summary>The distinct prompts of a file in the order of their first appearance, each with its class.</summary>
/// <remarks>
/// Pairs: both texts of each line; classes are the connected components of the pairs with label 1. Texts with classes:
/// a class that must miss is as many classes as it has texts. Raw texts: each its own class. Multi-turn: the question
/// behind its history, then the rewrite alone; prompts with equal rewrites are one class, so that one question text
/// behind two histories is two prompts of two classes, which must not hit each other.
/// </remarks>
internal static class QuestionStream
{
    /// <param name="file">The data.</param>
    /// <param name="mustMiss">Names of classes in which no text's answer serves another.</param>
    /// <exception cref="UsageException">A class that must miss does not occur.</exception>
    public static IReadOnlyList<Asked> Of(DataFile file, IReadOnlyCollection<string> mustMiss)
    {
        if (mustMiss.Count > 0 && file.Lines[0] is not ClassLine)
        {
            throw new UsageException($"--must-miss names classes, but {file.Name} has {file.Kind}.");
        }

        return file.Lines[0] switch
        {
            PairLine => OfPairs(file.Lines.Cast<PairLine>()),
            ClassLine => OfClasses(file.Name, [.. file.Lines.Cast<ClassLine>()], mustMiss),
            TextLine => [.. file.Lines.Cast<TextLine>().DistinctBy(line => line.Text)
                .Select((line, i) => new Asked(Prompt.FromText(line.Text), i))],
            _ => OfTurns(file.Lines.Cast<TurnLine>()),
        };
    }

    private static Asked[] OfPairs(IEnumerable<PairLine> lines)
    {
        var pairs = lines.ToArray();
        var classes = new UnionFind();
        foreach (var pair in pairs.Where(pair => pair.SameAnswer))
        {
            classes.Union(pair.A, pair.B);
        }

        return [.. pairs.SelectMany(pair => new[] { pair.A, pair.B }).Distinct()
            .Select(text => new Asked(Prompt.FromText(text), classes.ClassOf(text)))];
    }

    private static Asked[] OfClasses(string file, ClassLine[] lines, IReadOnlyCollection<string> mustMiss)
    {
        if (mustMiss.FirstOrDefault(name => lines.All(line => line.Class != name)) is { } unknown)
        {
            throw new UsageException($"--must-miss {unknown}: {file} has no such class.");
        }

        var numbers = new Dictionary<string, int>();
        var next = 0;
        return [.. lines.DistinctBy(line => line.Text).Select(line =>
        {
            if (mustMiss.Contains(line.Class) || !numbers.TryGetValue(line.Class, out var number))
            {
                number = next++;
                numbers[line.Class] = number;
            }

            return new Asked(Prompt.FromText(line.Text), number, line.Class);
        })];
    }

    private static Asked[] OfTurns(IEnumerable<TurnLine> lines)
    {
        var classes = new UnionFind();
        return [.. lines
            .SelectMany(line => new[]
            {
                new Asked(Asked.Conversation(line.History, line.Question), classes.ClassOf(line.Rewrite)),
                new Asked(Prompt.FromText(line.Rewrite), classes.ClassOf(line.Rewrite)),
            })
            .DistinctBy(asked => asked.Shown)];
    }
}
