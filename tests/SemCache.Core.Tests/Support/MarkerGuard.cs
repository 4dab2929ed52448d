using SemCache.Core.Matching.Guards;

namespace SemCache.Core.Tests.Support;

/// <summary>A guard that gives its verdict when only one of the prompts has a certain word.</summary>
internal sealed class MarkerGuard(string name, string marker, GuardVerdict verdict) : IGuard
{
    private int _calls;

    public string Name => name;

    /// <summary>How many pairs it has compared.</summary>
    public int Calls => _calls;

    public GuardFinding Compare(PromptReading asked, PromptReading stored)
    {
        Interlocked.Increment(ref _calls);
        (string inAsked, string inStored) = (In(asked), In(stored));
        return inAsked == inStored ? GuardFinding.Pass : new GuardFinding(verdict, inAsked, inStored);
    }

    private string In(PromptReading prompt) =>
        prompt.Text.Contains(marker, StringComparison.OrdinalIgnoreCase) ? marker : "";
}
