namespace SemCache.Core.Matching.Guards.Reading;

internal enum TokenKind : byte
{
    Word,

    /// <summary>Digits, with the separators between them: <c>1,000.5</c>, <c>2024-01-05</c>, <c>10:30</c>.</summary>
    Number,

    /// <summary>A sign that means something to a guard: <c>$</c>, <c>%</c>, <c>→</c>.</summary>
    Sign,

    /// <summary>An identifier, a path, a flag. Its words are not read one by one.</summary>
    Code,

    /// <summary>A web or e-mail address.</summary>
    Link,
}

/// <summary>How a word is written.</summary>
internal enum Casing : byte
{
    /// <summary>All lower case, or a script without case.</summary>
    Lower,

    /// <summary>The first letter in upper case.</summary>
    Capital,

    /// <summary>Several letters, all in upper case.</summary>
    Upper,

    /// <summary>Upper case inside: <c>YouTube</c>, <c>iPhone</c>.</summary>
    Mixed,
}

/// <summary>What a boundary lies before a token.</summary>
internal enum Boundary : byte
{
    /// <summary>None: it is glued to the token before.</summary>
    None,

    /// <summary>White space, or a hyphen or slash.</summary>
    Space,

    /// <summary>A comma, a bracket, a dash.</summary>
    Phrase,

    /// <summary>The text begins, or the end of a sentence or line.</summary>
    Sentence,
}

/// <summary>A word, a number or another piece of a prompt.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">
/// Of a word: lower case, straight apostrophes, without a trailing <c>'s</c>. Of the others: as it is written.
/// </param>
/// <param name="Lexeme">What is known of it beforehand.</param>
/// <param name="Start">Where it begins in the prompt.</param>
/// <param name="Length">How long it is there.</param>
/// <param name="Casing">Of a word: how it is written.</param>
/// <param name="Before">What lies before it.</param>
internal readonly record struct Token(
    TokenKind Kind, string Text, Lexeme Lexeme, int Start, int Length, Casing Casing, Boundary Before);
