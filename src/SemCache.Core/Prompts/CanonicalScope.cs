using System.Collections.Frozen;

namespace SemCache.Core.Prompts;

/// <summary>
/// A scope in canonical form: attributes in ordinal order of their keys, values as they came. Two scopes are the same
/// exactly when they have the same keys with the same values.
/// </summary>
internal sealed class CanonicalScope : IEquatable<CanonicalScope>
{
    /// <summary>The empty map.</summary>
    public static readonly IReadOnlyDictionary<string, string> NoAttributes = FrozenDictionary<string, string>.Empty;

    /// <summary>The scope of requests that name none.</summary>
    public static readonly CanonicalScope Empty = new([]);

    private readonly KeyValuePair<string, string>[] _attributes;

    private CanonicalScope(KeyValuePair<string, string>[] attributes) => _attributes = attributes;

    /// <summary>The attributes in ordinal order of their keys.</summary>
    public ReadOnlySpan<KeyValuePair<string, string>> Attributes => _attributes;

    public static CanonicalScope Of(IReadOnlyCollection<KeyValuePair<string, string>> attributes)
    {
        if (attributes.Count == 0)
        {
            return Empty;
        }

        KeyValuePair<string, string>[] sorted = [.. attributes];
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return new CanonicalScope(sorted);
    }

    /// <summary>Whether every one of <paramref name="required"/> is an attribute of this scope.</summary>
    public bool Contains(CanonicalScope required)
    {
        foreach (KeyValuePair<string, string> attribute in required._attributes)
        {
            if (Array.IndexOf(_attributes, attribute) < 0)
            {
                return false;
            }
        }

        return true;
    }

    public IReadOnlyDictionary<string, string> ToDictionary() =>
        _attributes.Length == 0 ? NoAttributes : new Dictionary<string, string>(_attributes, StringComparer.Ordinal);

    public bool Equals(CanonicalScope? other) =>
        other is not null && _attributes.AsSpan().SequenceEqual(other._attributes);

    public override bool Equals(object? obj) => Equals(obj as CanonicalScope);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach ((string key, string value) in _attributes)
        {
            hash.Add(key, StringComparer.Ordinal);
            hash.Add(value, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }
}
