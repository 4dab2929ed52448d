using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace SemCache.Core.Configuration;

/// <summary>
/// Says in an operator's words why a configuration cannot be bound: the binder's own messages name .NET types. One that is
/// not known is left as it is.
/// </summary>
internal static partial class BindingProblem
{
    /// <param name="section">What was bound.</param>
    /// <param name="exception">What the binder said.</param>
    public static string Describe(IConfiguration section, InvalidOperationException exception)
    {
        // A value inside a dictionary is wrapped once more; only the innermost message names the key.
        while (exception.InnerException is InvalidOperationException inner)
        {
            exception = inner;
        }

        string message = exception.Message.TrimEnd('.');
        if (NotConverted().Match(message) is { Success: true } value)
        {
            return $"{value.Groups["key"].Value} is '{value.Groups["value"].Value}' (allowed: {Allowed(value.Groups["type"].Value)})";
        }

        if (NotFound().Match(message) is { Success: true } unknown)
        {
            string[] names = [.. Quoted().Matches(unknown.Groups["names"].Value).Select(name => name.Groups[1].Value)];
            string[] keys = [.. KeysNamed(section, names)];
            return keys.Length > 0 ? $"no such option: {string.Join(", ", keys)}" : message;
        }

        return message;
    }

    private static IEnumerable<string> KeysNamed(IConfiguration section, string[] names) => section.GetChildren()
        .SelectMany(child => KeysNamed(child, names).Concat(names.Contains(child.Key, StringComparer.OrdinalIgnoreCase) ? [child.Path] : []));

    private static string Allowed(string type) => type switch
    {
        "System.TimeSpan" => "a time as hours:minutes:seconds, or days.hours:minutes:seconds; a number alone is days",
        "System.Boolean" => "true or false",
        "System.Single" or "System.Double" => "a number",
        "System.Int32" or "System.Int64" => "a whole number",
        _ => typeof(BindingProblem).Assembly.GetType(type) is { IsEnum: true } choices
            ? string.Join(", ", Enum.GetNames(choices))
            : "another value",
    };

    [GeneratedRegex("^Failed to convert configuration value '(?<value>.*)' at '(?<key>[^']*)' to type '(?<type>[^']*)'", RegexOptions.Singleline)]
    private static partial Regex NotConverted();

    [GeneratedRegex("ErrorOnUnknownConfiguration.* of [^:']*: (?<names>.*)$", RegexOptions.Singleline)]
    private static partial Regex NotFound();

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();
}
