namespace SemCache.Core.Matching.Guards;

/// <summary>The guards that ship with the product, in the order in which they run.</summary>
public static class GuardSet
{
    /// <summary>All of them, cheapest and most telling first.</summary>
    public static IReadOnlyList<IGuard> Shipped { get; } = [];
}
