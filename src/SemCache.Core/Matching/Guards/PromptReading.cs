using SemCache.Core.Matching.Guards.Reading;

namespace SemCache.Core.Matching.Guards;

/// <summary>A prompt as guards read it: its text and what was recognised in it, read once for all guards.</summary>
/// <remarks>
/// Each part is read when the first guard asks for it. Two threads that ask at once may both read it; they find the
/// same.
/// </remarks>
/// <param name="text">The canonical text of the prompt.</param>
public sealed class PromptReading(string text)
{
    private Token[]? _tokens;
    private Quantities? _quantities;
    private HashSet<string>? _words;
    private Fact[]? _names;
    private Fact[]? _opposites;
    private Fact[]? _quantifiers;
    private Fact[]? _quotes;
    private Fact[]? _code;
    private Fact[]? _links;
    private Directions? _directions;
    private Manner? _manner;

    /// <summary>The canonical text of the prompt.</summary>
    public string Text { get; } = text;

    /// <summary>The text as people read it: the shipped guards see nothing that they do not.</summary>
    internal string Visible { get; } = InvisibleCharacters.RemoveFrom(text);

    internal Token[] Tokens => _tokens ??= Tokenizer.Read(Visible);

    internal Quantities Quantities => _quantities ??= Quantities.Read(Tokens);

    internal PromptStyle Style => Manner.Style;

    internal Fact[] Names => _names ??= NameReader.Read(Tokens, Style);

    internal Fact[] Opposites => _opposites ??= OppositeReader.Read(Tokens);

    internal Fact[] Quantifiers => _quantifiers ??= QuantifierReader.Read(Tokens);

    internal Fact[] Quotes => _quotes ??= QuoteReader.Read(Visible);

    internal Fact[] Code => _code ??= CodeReader.ReadCode(Tokens);

    internal Fact[] Links => _links ??= CodeReader.ReadLinks(Tokens);

    internal Directions Directions => _directions ??= DirectionReader.Read(Tokens);

    internal Manner Manner => _manner ??= Manner.Read(Visible, Tokens);

    /// <summary>The distinct words, for long prompts.</summary>
    internal HashSet<string> Words
    {
        get
        {
            if (_words is not { } words)
            {
                words = new HashSet<string>(Tokens.Length, StringComparer.Ordinal);
                foreach (ref readonly var token in Tokens.AsSpan())
                {
                    words.Add(token.Text);
                }

                _words = words;
            }

            return words;
        }
    }

    /// <summary>The prompt's own words for a fact; empty for none.</summary>
    internal string Quote(in Fact? fact) => fact is { } some ? Visible.Substring(some.Start, some.Length) : "";
}
