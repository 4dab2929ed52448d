namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>How a prompt speaks: negated or not, what it asks for, in which language, in which case.</summary>
/// <param name="Negation">The first negation, a certain one before a loose one, or null.</param>
/// <param name="Question">What it asks for.</param>
/// <param name="QuestionWord">The word that asks, or null.</param>
/// <param name="Language">The language's code or the script's name, or null.</param>
/// <param name="Style">What upper case says in it.</param>
internal sealed record Manner(
    Fact? Negation, QuestionKind Question, Fact? QuestionWord, string? Language, PromptStyle Style)
{
    public static Manner Read(string text, Token[] tokens)
    {
        var (question, word) = QuestionReader.Read(tokens);
        return new Manner(
            NegationReader.Read(text, tokens), question, word, LanguageReader.Read(tokens), PromptStyles.Of(tokens));
    }
}
