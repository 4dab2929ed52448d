using System.Collections.Concurrent;

namespace SemCache.LoadTest.Load;

/// <summary>Counts what went wrong, by what it was.</summary>
internal sealed class ErrorSamples
{
    private const int KindsKept = 20;
    private readonly ConcurrentDictionary<string, int> _counts = [];

    /// <summary>The kinds of errors with their counts.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    public int Total => _counts.Values.Sum();

    public void Add(string error)
    {
        // A message may hold ids; the number of kinds must stay bounded all the same.
        string kind = _counts.Count < KindsKept || _counts.ContainsKey(error) ? error : "other";
        _counts.AddOrUpdate(kind, 1, static (_, count) => count + 1);
    }
}
