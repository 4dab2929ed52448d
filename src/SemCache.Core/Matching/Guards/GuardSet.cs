namespace SemCache.Core.Matching.Guards;

/// <summary>The guards that ship with the product, in the order in which they run.</summary>
public static class GuardSet
{
    /// <summary>All of them, most telling first. A model's verifier is trained on their names: they never change.</summary>
    public static IReadOnlyList<IGuard> Shipped { get; } =
    [
        new DateGuard(),
        new VersionGuard(),
        new NumberGuard(),
        new UnitGuard(),
        new NegationGuard(),
        new OppositeGuard(),
        new DirectionGuard(),
        new NameGuard(),
        new LinkGuard(),
        new CodeGuard(),
        new QuoteGuard(),
        new QuantifierGuard(),
        new QuestionGuard(),
        new LanguageGuard(),
    ];
}
