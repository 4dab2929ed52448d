using SemCache.Core.Matching.Guards;

namespace SemCache.Server.Tests.Fixtures;

/// <summary>A guard that gives its verdict when only one of the prompts has a certain word.</summary>
internal sealed class MarkerGuard(string name, string marker, GuardVerdict verdict) : IGuard
{
    public string Name => name;

    public GuardFinding Compare(PromptReading asked, PromptReading stored)
    {
        (string inAsked, string inStored) = (In(asked), In(stored));
        return inAsked == inStored ? GuardFinding.Pass : new GuardFinding(verdict, inAsked, inStored);
    }

    private string In(PromptReading prompt) =>
        prompt.Text.Contains(marker, StringComparison.OrdinalIgnoreCase) ? marker : "";
}
