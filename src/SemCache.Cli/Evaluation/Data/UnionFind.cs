namespace SemCache.Cli.Evaluation.Data;

/// <summary>Groups texts into classes that one answer serves, given pairs that it serves.</summary>
internal sealed class UnionFind
{
    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<int> _parents = [];

    /// <summary>The class of a text. Compared only after the last <see cref="Union"/>.</summary>
    public int ClassOf(string text)
    {
        if (!_numbers.TryGetValue(text, out var number))
        {
            number = _parents.Count;
            _numbers.Add(text, number);
            _parents.Add(number);
        }

        while (_parents[number] != number)
        {
            // Halving the path keeps long chains of pairs cheap.
            number = _parents[number] = _parents[_parents[number]];
        }

        return number;
    }

    public void Union(string a, string b) => _parents[ClassOf(a)] = ClassOf(b);
}
