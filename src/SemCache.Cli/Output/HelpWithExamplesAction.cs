using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using SemCache.Cli.Commands;

namespace SemCache.Cli.Output;

/// <summary>The usual help, followed by examples and exit codes.</summary>
internal sealed class HelpWithExamplesAction(HelpAction usual) : SynchronousCommandLineAction
{
    private static readonly string[] _rootExamples =
    [
        "semcache lookup \"How do I reset my password?\" --scope model=gpt-4o-mini",
        "semcache store \"How do I reset my password?\" \"Click Forgot password.\" --scope model=gpt-4o-mini",
        "semcache stats --json",
    ];

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        usual.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var command = parseResult.CommandResult.Command as CliCommand;
        WriteSection(output, "Examples:", command?.Examples ?? _rootExamples);
        WriteSection(output, "Exit codes:", (command?.ExitCodes ?? ExitCode.All).Select(Describe));
        return ExitCode.Ok;
    }

    private static void WriteSection(TextWriter output, string title, IEnumerable<string> lines)
    {
        output.WriteLine(title);
        foreach (var line in lines)
        {
            output.WriteLine($"  {line}");
        }

        output.WriteLine();
    }

    private static string Describe(int code) => $"{code,3}  {ExitCode.Meaning(code)}";
}
