using System.Collections.Frozen;
using System.Reflection;

namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>The words that guards know, from the data files beside this folder and a few tables.</summary>
internal static class Lexicon
{
    private static readonly List<Unit> _units = [new("", 0, "")];
    private static readonly List<string> _languages = [];
    private static readonly FrozenDictionary<string, Lexeme> _words;
    private static readonly FrozenDictionary<string, Lexeme>.AlternateLookup<ReadOnlySpan<char>> _lookup;

    static Lexicon()
    {
        var building = new Dictionary<string, Lexeme>(StringComparer.Ordinal);
        Lexeme Word(string word)
        {
            if (!building.TryGetValue(word, out var lexeme))
            {
                building.Add(word, lexeme = new Lexeme(word));
            }

            return lexeme;
        }

        NumberWords.AddTo(Word);
        CalendarWords.AddTo(Word);
        foreach (string line in Lines("common.txt"))
        {
            foreach (string word in Split(line))
            {
                Word(word).IsCommon = true;
            }
        }

        foreach (string word in FunctionWords.All)
        {
            Word(word).IsFunction = true;
            Word(word).IsCommon = true;
        }

        foreach (string word in Lines("particles.txt").SelectMany(Split))
        {
            Word(word).TakesParticle = true;
        }

        AddUnits(Word);
        AddNames(Word);
        AddLanguages(Word);
        OppositeWords.AddTo(Lines("opposites.txt"), Word);
        _words = building.ToFrozenDictionary(StringComparer.Ordinal);
        _lookup = _words.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>
    /// The languages that are told apart by their words; a bit of <see cref="Lexeme.Languages"/> each.
    /// </summary>
    public static IReadOnlyList<string> Languages => _languages;

    /// <summary>What is known of a word in lower case.</summary>
    public static bool TryFind(ReadOnlySpan<char> lowerCase, out Lexeme lexeme)
    {
        if (_lookup.TryGetValue(lowerCase, out var found))
        {
            lexeme = found;
            return true;
        }

        lexeme = Lexeme.Unknown;
        return false;
    }

    /// <summary>The unit of <see cref="Lexeme.Unit"/>.</summary>
    public static Unit UnitOf(int unit) => _units[unit];

    private static void AddUnits(Func<string, Lexeme> word)
    {
        foreach (string line in Lines("units.txt"))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            _units.Add(Unit.Parse(line[..colon]));
            foreach (string form in Split(line[(colon + 1)..]))
            {
                bool nextToNumber = form[0] == '~';
                var lexeme = word(nextToNumber ? form[1..] : form);
                lexeme.Unit = _units.Count - 1;
                lexeme.UnitCertainty = nextToNumber ? Certainty.NextToNumber : Certainty.Always;
            }
        }
    }

    private static void AddNames(Func<string, Lexeme> word)
    {
        bool software = false;
        foreach (string line in Lines("names.txt"))
        {
            if (line == "software")
            {
                software = true;
                continue;
            }

            string[] words = Split(line);
            foreach (string form in words)
            {
                var lexeme = word(form.TrimStart('~'));
                lexeme.Name = words[0].TrimStart('~');
                lexeme.IsNameInUpperCaseOnly = form[0] == '~';
                lexeme.IsSoftware = software;
            }
        }
    }

    private static void AddLanguages(Func<string, Lexeme> word)
    {
        foreach (string line in Lines("languages.txt"))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            foreach (string form in Split(line[(colon + 1)..]))
            {
                word(form).Languages |= 1u << _languages.Count;
            }

            _languages.Add(line[..colon]);
        }
    }

    private static string[] Split(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static IEnumerable<string> Lines(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("guards/" + resource)
            ?? throw new InvalidOperationException($"The assembly lacks its resource guards/{resource}.");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
            {
                yield return line;
            }
        }
    }
}
