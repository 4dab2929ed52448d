using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using SemCache.LoadTest.Targets;

namespace SemCache.LoadTest.Loops;

/// <summary>Counts what went wrong, by what it was, whatever numbers it tells.</summary>
internal sealed partial class ErrorSamples
{
    private const int KindsKept = 20;
    private readonly ConcurrentDictionary<string, int> _counts = [];
    private int _wrong;

    /// <summary>The kinds of errors with their counts.</summary>
    public IReadOnlyDictionary<string, int> Counts => _counts;

    /// <summary>Counts a call that was answered wrongly or failed.</summary>
    public void Add(string target, CallOutcome outcome)
    {
        if (outcome.IsWrong)
        {
            Interlocked.Increment(ref _wrong);
        }

        if (outcome.Problem is { } problem)
        {
            string error = $"{target}: {Number.Replace(problem, "N")}";
            // A message may hold ids; the number of kinds must stay bounded all the same.
            string kind = _counts.ContainsKey(error) || _counts.Count < KindsKept ? error : "other";
            _counts.AddOrUpdate(kind, 1, static (_, count) => count + 1);
        }
    }

    [GeneratedRegex("[0-9]+([.][0-9]+)?")]
    private static partial Regex Number { get; }

    /// <summary>Prints them.</summary>
    /// <returns>The exit code. Failed calls are figures; only wrong answers are errors of the run.</returns>
    public int Conclude()
    {
        foreach ((string error, int count) in _counts)
        {
            Console.Error.WriteLine($"{count:N0} x {error}");
        }

        return _wrong == 0 ? CommandRunner.Right : CommandRunner.Wrong;
    }
}
