using System.CommandLine;

namespace SemCache.Cli.Options;

/// <summary>Options that name one of a few choices.</summary>
internal static class Choices
{
    /// <summary>An option with the members of <typeparamref name="T"/> in lower case.</summary>
    public static Option<T> Option<T>(string name, string description, T usual)
        where T : struct, Enum
    {
        string[] names = [.. Enum.GetNames<T>().Select(member => member.ToLowerInvariant())];
        return new Option<T>(name)
        {
            Description = $"{description} [default: {NameOf(usual)}]",
            HelpName = string.Join('|', names),
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (names.Contains(text))
                {
                    return Enum.Parse<T>(text, ignoreCase: true);
                }

                result.AddError($"{name} must be {string.Join(" or ", names)}, not '{text}'.");
                return usual;
            },
        };
    }

    /// <summary>A choice as the command line calls it.</summary>
    public static string NameOf<T>(T choice)
        where T : struct, Enum => choice.ToString().ToLowerInvariant();
}
