using Microsoft.Extensions.Logging;
using SemCache.Core.Diagnostics;

namespace SemCache.Core.Matching.Guards;

/// <summary>The guards of one cache, shipped and custom: which there are, and how two prompts fare with them.</summary>
internal sealed class InstalledGuards
{
    private const int MaxNameLength = 32;

    private readonly IGuard[] _guards;
    private readonly SemCacheMetrics _metrics;
    private readonly OncePerMinute _mayLog;
    private readonly ILogger _logger;

    /// <exception cref="CacheStartupException">A guard's name is none, or two guards have the same.</exception>
    public InstalledGuards(
        IEnumerable<IGuard> guards, SemCacheMetrics metrics, TimeProvider time, ILogger<InstalledGuards> logger)
    {
        _guards = [.. guards];
        _metrics = metrics;
        _mayLog = new OncePerMinute(time);
        _logger = logger;
        Names = [.. _guards.Select(guard => guard.Name)];
        for (int i = 0; i < Names.Count; i++)
        {
            if (!IsName(Names[i]))
            {
                throw new CacheStartupException(
                    $"The guard {_guards[i].GetType()} has the name '{Names[i]}'; allowed are 1 to {MaxNameLength} "
                    + "lower-case letters and _.");
            }

            if (IndexOf(Names[i]) < i)
            {
                throw new CacheStartupException(
                    $"Two guards have the name {Names[i]}: {_guards[IndexOf(Names[i])].GetType()} and "
                    + $"{_guards[i].GetType()}; allowed is a name of its own for each.");
            }
        }
    }

    /// <summary>Their names, in the order in which they run.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Their names as an error tells them.</summary>
    public string Described => Names.Count == 0 ? "none, no guard is installed" : string.Join(", ", Names);

    /// <summary>A guard's place in the order; −1 when there is none of that name.</summary>
    public int IndexOf(string name) => Array.FindIndex(_guards, guard => guard.Name == name);

    /// <summary>The guards that are on.</summary>
    public ActiveGuards Select(IReadOnlyDictionary<string, bool> switches) =>
        new([.. Enumerable.Range(0, _guards.Length).Where(i => switches[Names[i]])]);

    /// <summary>Lets guards compare two prompts, up to the first that stops the hit.</summary>
    /// <param name="asked">The prompt that is looked up.</param>
    /// <param name="stored">The prompt of a candidate.</param>
    /// <param name="active">The guards that are asked.</param>
    /// <param name="verdicts">Receives their verdicts, each at its guard's place; the others keep theirs.</param>
    /// <returns>The guard that stops the hit; null when none does.</returns>
    public GuardReport? Compare(
        PromptReading asked, PromptReading stored, ActiveGuards active, Span<GuardVerdict> verdicts)
    {
        foreach (int i in active.Places)
        {
            GuardFinding finding = Compare(_guards[i], asked, stored);
            verdicts[i] = finding.Verdict;
            if (finding.Verdict >= GuardVerdict.Stop)
            {
                _metrics.GuardStopped(Names[i]);
                return new GuardReport(Names[i], finding.Asked ?? "", finding.Stored ?? "");
            }
        }

        return null;
    }

    // A guard that fails has not said that the hit is right.
    private GuardFinding Compare(IGuard guard, PromptReading asked, PromptReading stored)
    {
        try
        {
            return guard.Compare(asked, stored);
        }
        catch (Exception exception)
        {
            _metrics.GuardFailed(guard.Name);
            if (_mayLog.TryTake())
            {
                // Its message may quote a prompt, and prompts are never logged.
                Log.GuardFailed(_logger, guard.Name, exception.GetType(), exception.StackTrace);
            }

            return new GuardFinding(GuardVerdict.Stop);
        }
    }

    private static bool IsName(string? name) =>
        name is { Length: > 0 and <= MaxNameLength } && name.All(c => char.IsAsciiLetterLower(c) || c == '_');
}

/// <summary>The guards that a namespace has switched on.</summary>
/// <param name="places">Their places among the installed guards, ascending.</param>
internal sealed class ActiveGuards(int[] places)
{
    public static ActiveGuards None { get; } = new([]);

    /// <summary>Their places among the installed guards, ascending.</summary>
    public ReadOnlySpan<int> Places => places;
}
