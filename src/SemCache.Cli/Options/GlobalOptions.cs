using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using SemCache.Client;

namespace SemCache.Cli.Options;

/// <summary>The options that every command takes.</summary>
internal sealed class GlobalOptions
{
    public const string ServerVariable = "SEMCACHE_SERVER";
    public const string DefaultServer = "http://127.0.0.1:5080";
    private const string ExampleSocket = "unix:/run/semcache.sock";
    private const double DefaultTimeoutSeconds = 30;

    public GlobalOptions(Func<string, string?> variable)
    {
        Server = new Option<Uri>("--server")
        {
            Description = $"Address of the server; the environment variable {ServerVariable} sets another default",
            HelpName = "URL",
            Recursive = true,
            CustomParser = result => ParseServer(result, result.Tokens[0].Value, "--server"),
            DefaultValueFactory = result => variable(ServerVariable) is { Length: > 0 } address
                ? ParseServer(result, address, $"The environment variable {ServerVariable}")
                : new Uri(DefaultServer),
        };
        Json = new Option<bool>("--json")
        {
            Description = "Print one machine-readable JSON object",
            Recursive = true,
        };
        Timeout = new Option<double>("--timeout")
        {
            Description = "Longest wait for an answer, in seconds",
            HelpName = "SECONDS",
            Recursive = true,
            CustomParser = ParseTimeout,
            DefaultValueFactory = _ => DefaultTimeoutSeconds,
        };
    }

    public Option<Uri> Server { get; }

    public Option<bool> Json { get; }

    public Option<double> Timeout { get; }

    public TimeSpan GetTimeout(ParseResult parse) => TimeSpan.FromSeconds(parse.GetRequiredValue(Timeout));

    private static Uri ParseServer(ArgumentResult result, string text, string origin)
    {
        if (SemCacheChannel.TryParseSocket(text, out _))
        {
            return new Uri(text);
        }

        var address = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        if (Uri.TryCreate(address, UriKind.Absolute, out var server) && server.Scheme is "http" or "https")
        {
            return server;
        }

        result.AddError($"{origin} must be an address like {DefaultServer} or {ExampleSocket}, not '{text}'.");
        return null!;
    }

    private static double ParseTimeout(ArgumentResult result)
    {
        var text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            && seconds is > 0 and <= 1_000_000)
        {
            return seconds;
        }

        result.AddError($"--timeout must be a positive number of seconds, not '{text}'.");
        return default;
    }
}
