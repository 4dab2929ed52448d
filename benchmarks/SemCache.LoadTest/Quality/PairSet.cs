using SemCache.LoadTest.Commands;
using SemCache.LoadTest.Texts;

namespace SemCache.LoadTest.Quality;

/// <summary>A file of labelled pairs, with the classes of questions that follow from its label-1 pairs.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Asked">The first pairs with label 1.</param>
/// <param name="Questions">Every distinct question of the file, in the order of the file.</param>
/// <param name="Classes">Which questions one answer serves.</param>
internal sealed record PairSet(
    string File,
    IReadOnlyList<QuestionPair> Asked,
    IReadOnlyList<string> Questions,
    UnionFind Classes)
{
    public static PairSet Read(FileInfo file, int asked = int.MaxValue)
    {
        IReadOnlyList<QuestionPair> pairs = JsonLines.ReadPairs(file);
        var classes = new UnionFind();
        foreach (QuestionPair pair in pairs.Where(pair => pair.SameAnswer))
        {
            classes.Union(pair.A, pair.B);
        }

        QuestionPair[] same = [.. pairs.Where(pair => pair.SameAnswer).Take(asked)];
        if (same.Length == 0)
        {
            throw new LoadTestException($"{file.Name} has no pair with label 1.");
        }

        string[] questions = [.. pairs.SelectMany(pair => new[] { pair.A.Trim(), pair.B.Trim() }).Distinct()];
        return new PairSet(file.Name, same, questions, classes);
    }
}
