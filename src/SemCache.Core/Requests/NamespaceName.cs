using System.Buffers;

namespace SemCache.Core.Requests;

/// <summary>The rule for names of namespaces.</summary>
internal static class NamespaceName
{
    /// <summary>The namespace of requests that name none.</summary>
    public const string Default = "default";

    /// <summary>The rule in words.</summary>
    public const string Rule = "1 to 128 of A-Z a-z 0-9 . _ -, beginning with a letter or digit";

    private const int MaxLength = 128;

    private static readonly SearchValues<char> _allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    public static bool IsValid(string name) =>
        name.Length is > 0 and <= MaxLength
        && char.IsAsciiLetterOrDigit(name[0])
        && !name.AsSpan().ContainsAnyExcept(_allowed);
}
