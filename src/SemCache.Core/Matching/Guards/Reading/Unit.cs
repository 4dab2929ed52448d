using System.Globalization;

namespace SemCache.Core.Matching.Guards.Reading;

/// <summary>A unit or currency.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Size">How much of its base it is; 0 when it is compared with no other unit.</param>
/// <param name="Base">The unit that others of its kind are told in.</param>
internal sealed record Unit(string Name, double Size, string Base)
{
    private const string Time = "second";

    /// <summary>Days and weeks and the like: often another word for about the same.</summary>
    public bool IsTime => Base == Time;

    /// <summary>Reads <c>hour (3600 second)</c> or <c>dollar</c>.</summary>
    public static Unit Parse(string text)
    {
        string[] parts = text.Split(' ', '(', ')');
        return parts.Length == 1
            ? new Unit(text, 0, "")
            : new Unit(parts[0], double.Parse(parts[2], CultureInfo.InvariantCulture), parts[3]);
    }
}
