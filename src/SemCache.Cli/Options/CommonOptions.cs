using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace SemCache.Cli.Options;

/// <summary>Makes the options and arguments that several commands have in common.</summary>
internal static class CommonOptions
{
    public const string StandardStream = "-";

    public static Option<string> Namespace(string description = "Namespace of the entries") =>
        new("--namespace", "-n")
        {
            Description = $"{description} [default: default]",
            HelpName = "NAME",
            DefaultValueFactory = _ => "",
        };

    public static Option<Dictionary<string, string>> Scope(string description) =>
        new("--scope", "-s")
        {
            Description = $"{description} Repeatable",
            HelpName = "KEY=VALUE",
            Arity = ArgumentArity.OneOrMore,
            CustomParser = ParseScope,
            DefaultValueFactory = _ => [],
        };

    public static Option<string[]> Repeatable(string name, string helpName, string description) =>
        new(name)
        {
            Description = $"{description} Repeatable",
            HelpName = helpName,
            Arity = ArgumentArity.OneOrMore,
            DefaultValueFactory = _ => [],
        };

    public static Option<TimeSpan?> Duration(string name, string description) =>
        new(name)
        {
            Description = description,
            HelpName = "DURATION",
            CustomParser = result =>
            {
                if (Durations.TryParse(result.Tokens[0].Value, out var duration))
                {
                    return duration;
                }

                result.AddError($"{name} must be {Durations.Format}, not '{result.Tokens[0].Value}'.");
                return null;
            },
        };

    public static Option<DateTimeOffset?> PointInTime(string name, string description, TimeProvider time) =>
        new(name)
        {
            Description = description,
            HelpName = "TIME",
            CustomParser = result =>
            {
                if (PointsInTime.TryParse(result.Tokens[0].Value, time.GetUtcNow(), out var point))
                {
                    return point;
                }

                result.AddError($"{name} must be {PointsInTime.Format}, not '{result.Tokens[0].Value}'.");
                return null;
            },
        };

    public static Option<string> Value(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName };

    /// <summary>A finite number, within bounds if both are given.</summary>
    public static Option<T?> Number<T>(
        string name, string helpName, string description, T? least = null, T? most = null)
        where T : struct, INumber<T> =>
        new(name)
        {
            Description = description,
            HelpName = helpName,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (T.TryParse(text, CultureInfo.InvariantCulture, out var number)
                    && T.IsFinite(number) && !(number < least) && !(number > most))
                {
                    return number;
                }

                var kind = T.IsInteger(T.One / (T.One + T.One)) ? "a whole number" : "a number";
                var bounds = least is null ? "" : $" from {least} to {most}";
                result.AddError($"{name} must be {kind}{bounds}, not '{text}'.");
                return null;
            },
        };

    public static Option<string> Messages() => Value(
        "--messages", "FILE.json",
        "A conversation instead of PROMPT: [{\"role\":\"user\",\"content\":\"…\"}, …]; - reads it from standard input");

    public static Argument<string?> Text(string name, string description) =>
        new(name) { HelpName = name, Description = description, Arity = ArgumentArity.ZeroOrOne };

    private static Dictionary<string, string> ParseScope(ArgumentResult result)
    {
        if (!ScopePairs.TryParse(result.Tokens.Select(token => token.Value), out var scope, out var problem))
        {
            result.AddError(problem);
        }

        return scope;
    }
}
