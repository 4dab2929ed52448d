namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>Which part a word plays in a number.</summary>
internal enum NumberRole : byte
{
    None,

    /// <summary>Stands for its value: <c>seven</c>, <c>twenty</c>.</summary>
    Cardinal,

    /// <summary>Multiplies what is before it: <c>hundred</c>, <c>million</c>, <c>dozen</c>.</summary>
    Scale,

    /// <summary>Stands for a place in an order: <c>third</c>.</summary>
    Ordinal,

    /// <summary>A number that is often none: <c>one</c>, <c>half</c>, <c>second</c>.</summary>
    Loose,
}

/// <summary>How sure it is that a word is a unit, month or weekday where it stands.</summary>
internal enum Certainty : byte
{
    Always,

    /// <summary>Only next to a number.</summary>
    NextToNumber,
}

/// <summary>What is known of a word beforehand. One instance a word; a word may be many things.</summary>
internal sealed class Lexeme(string text)
{
    /// <summary>Of words that the lexicon does not have.</summary>
    public static Lexeme Unknown { get; } = new("");

    /// <summary>The word in lower case.</summary>
    public string Text { get; } = text;

    public NumberRole NumberRole { get; set; }

    public double Number { get; set; }

    /// <summary>1 to 12, or 0.</summary>
    public int Month { get; set; }

    /// <summary>1 (Monday) to 7, or 0.</summary>
    public int Weekday { get; set; }

    /// <summary>Of month and weekday.</summary>
    public Certainty CalendarCertainty { get; set; }

    /// <summary>Number of the unit, or 0.</summary>
    public int Unit { get; set; }

    public Certainty UnitCertainty { get; set; }

    /// <summary>The sides of pairs of opposites that the word belongs to.</summary>
    public OppositeSide[] Opposites { get; set; } = [];

    /// <summary>The verb takes particles.</summary>
    public bool TakesParticle { get; set; }

    /// <summary>The name that the word stands for, or null.</summary>
    public string? Name { get; set; }

    /// <summary>In lower case the word is no name: apple, oracle, spring.</summary>
    public bool IsNameInUpperCaseOnly { get; set; }

    /// <summary>A number behind the name is a version.</summary>
    public bool IsSoftware { get; set; }

    /// <summary>No name, however it is written.</summary>
    public bool IsCommon { get; set; }

    /// <summary>An English word that carries grammar rather than content.</summary>
    public bool IsFunction { get; set; }

    /// <summary>
    /// The languages in which the word is frequent: a bit for each of <see cref="Lexicon.Languages"/>.
    /// </summary>
    public uint Languages { get; set; }
}
