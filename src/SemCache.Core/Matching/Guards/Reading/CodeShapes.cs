using System.Buffers;
using System.Collections.Frozen;

namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>Tells by its shape whether a run of characters without white space is code or an address.</summary>
internal static class CodeShapes
{
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _topLevelDomains =
        "com org net io gov edu ai dev info biz co.uk co.in co uk de fr me tv in us ca eu au".Split(' ')
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _extensions =
        ("txt md pdf doc docx xls xlsx csv tsv json xml yml yaml toml ini cfg conf log html htm css js ts jsx tsx py "
            + "rb php java c h cc cpp hpp cs fs vb go rs swift kt scala sh bash bat ps1 sql db sqlite exe dll so jar "
            + "war zip tar gz bz2 xz tgz 7z rar png jpg jpeg gif svg bmp mp3 mp4 wav avi mov mkv iso img bin dat bak "
            + "tmp lock key pem crt csproj sln ipynb tex o a out class parquet onnx").Split(' ')
            .ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    // A chunk without any of these is a plain word, and most are.
    private static readonly SearchValues<char> _telling =
        SearchValues.Create("_/\\.:@*~+#()->$ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    private static readonly SearchValues<char> _upper = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    private static readonly SearchValues<char> _wordy =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");

    /// <summary>What a chunk is by its shape; <see cref="TokenKind.Word"/> when nothing special.</summary>
    public static TokenKind Classify(ReadOnlySpan<char> chunk)
    {
        // They compare and join in most languages, and are nothing else in prose.
        if (chunk is "==" or "===" or "!=" or "!==" or "&&" or "||")
        {
            return TokenKind.Code;
        }

        if (chunk.Length < 2 || chunk.IndexOfAny(_telling) < 0)
        {
            return TokenKind.Word;
        }

        if (IsLink(chunk))
        {
            return TokenKind.Link;
        }

        return IsFlag(chunk) || IsPath(chunk) || IsFileName(chunk) || IsIdentifier(chunk) || IsLanguageName(chunk)
            ? TokenKind.Code
            : TokenKind.Word;
    }

    private static bool IsLink(ReadOnlySpan<char> chunk)
    {
        if (chunk.Contains("://", StringComparison.Ordinal)
            || chunk.StartsWith("www.", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }

        int slash = chunk.IndexOf('/');
        var host = slash < 0 ? chunk : chunk[..slash];
        int dot = host.LastIndexOf('.');
        if (dot <= 0 || dot == host.Length - 1 || !IsWordy(host[dot - 1])
            || (char.IsAsciiLetterUpper(host[dot + 1]) && !char.IsAsciiLetterUpper(host[^1])))
        {
            // "end.In" is a missing space.
            return false;
        }

        return chunk.Contains('@') ? slash < 0 && dot < host.Length - 1 : _topLevelDomains.Contains(host[(dot + 1)..]);
    }

    private static bool IsFlag(ReadOnlySpan<char> chunk) =>
        chunk[0] == '-'
        && (chunk[1] == '-'
            ? chunk.Length > 2 && char.IsAsciiLetter(chunk[2])
            : char.IsAsciiLetter(chunk[1]) && chunk[1..].IndexOfAnyExcept(_wordy) < 0);

    private static bool IsPath(ReadOnlySpan<char> chunk)
    {
        int separators = chunk.Count('/') + chunk.Count('\\');
        if (separators == 0 || !chunk.ContainsAnyInRange('A', 'z'))
        {
            return false;
        }

        return chunk[0] is '/' or '\\' or '~'
            || chunk.StartsWith("./", StringComparison.Ordinal) || chunk.StartsWith("../", StringComparison.Ordinal)
            || (chunk.Length > 2 && chunk[1] == ':' && chunk[2] is '\\' or '/')
            || chunk[^1] is '/' or '*'
            || (separators > 0 && IsFileName(chunk));
    }

    private static bool IsFileName(ReadOnlySpan<char> chunk)
    {
        int dot = chunk.LastIndexOf('.');
        return dot >= 0 && dot < chunk.Length - 1
            && (dot > 0 ? IsWordy(chunk[dot - 1]) || chunk[dot - 1] is '*' or '?' or ']' or '}' : chunk.Length > 3)
            && _extensions.Contains(chunk[(dot + 1)..]);
    }

    private static bool IsIdentifier(ReadOnlySpan<char> chunk)
    {
        if (chunk.EndsWith("()", StringComparison.Ordinal) || chunk.Contains("::", StringComparison.Ordinal)
            || (chunk.Contains("->", StringComparison.Ordinal) && chunk.Length > 4)
            || (chunk[0] == '$' && char.IsAsciiLetter(chunk[1])))
        {
            return chunk.ContainsAnyInRange('A', 'z');
        }

        int underscore = chunk[1..].IndexOf('_') + 1;
        if (underscore > 0 && underscore < chunk.Length - 1 && IsWordy(chunk[underscore - 1])
            && IsWordy(chunk[underscore + 1]))
        {
            return true;
        }

        return IsDotted(chunk) || IsCamelCase(chunk);
    }

    /// <summary>
    /// <c>numpy.array</c>, <c>String.Format</c>: two or more names, each of letters, of three or more together.
    /// </summary>
    private static bool IsDotted(ReadOnlySpan<char> chunk)
    {
        int dot = chunk.IndexOf('.');
        if (dot < 2 || dot > chunk.Length - 3)
        {
            return false;
        }

        foreach (char c in chunk)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '.')
            {
                return false;
            }
        }

        // "end.Start" is a missing space far more often than a name.
        return char.IsAsciiLetterLower(chunk[dot + 1]) && char.IsAsciiLetter(chunk[dot - 1]);
    }

    /// <summary>
    /// Begins in lower case and has upper case inside, as no English word does but the likes of iPhone.
    /// </summary>
    private static bool IsCamelCase(ReadOnlySpan<char> chunk) =>
        chunk.Length > 4 && char.IsAsciiLetterLower(chunk[0]) && char.IsAsciiLetterLower(chunk[1])
        && chunk.IndexOfAny(_upper) > 0 && chunk.IndexOfAnyExcept(_wordy) < 0;

    /// <summary><c>C++</c>, <c>C#</c>, <c>.NET</c>.</summary>
    private static bool IsLanguageName(ReadOnlySpan<char> chunk) =>
        (chunk.Length == 3 && char.IsAsciiLetter(chunk[0]) && chunk[1] == '+' && chunk[2] == '+')
        || (chunk.Length == 2 && char.IsAsciiLetter(chunk[0]) && chunk[1] == '#')
        || chunk.EndsWith(".net", StringComparison.OrdinalIgnoreCase);

    private static bool IsWordy(char c) => char.IsLetterOrDigit(c) || c == '_';
}
