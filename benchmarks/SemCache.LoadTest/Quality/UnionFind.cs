namespace SemCache.LoadTest.Quality;

/// <summary>Groups questions into classes that one answer serves, given pairs that it serves.</summary>
internal sealed class UnionFind
{
    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<int> _parents = [];

    /// <summary>The class of a question. Compared only after the last <see cref="Union"/>.</summary>
    public int ClassOf(string question)
    {
        // The cache ignores outer white space too; it must not turn one question into two classes.
        string key = question.Trim();
        if (!_numbers.TryGetValue(key, out int number))
        {
            number = _parents.Count;
            _numbers.Add(key, number);
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
