using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using SemCache.Cli.Commands;
using SemCache.Cli.Options;
using SemCache.Cli.Output;

namespace SemCache.Cli;

/// <summary>The root of the command tree: parses the arguments and runs the command they name.</summary>
internal static class SemCacheCli
{
    // A prompt may begin with `@`: no response files. It may begin with `-h`: no bundles of one-letter options.
    private static readonly ParserConfiguration _parsing =
        new() { ResponseFileTokenReplacer = null, EnablePosixBundling = false };

    /// <summary>How long a command may take to end in order after Ctrl-C, before the process is ended for it.</summary>
    private static readonly TimeSpan _interruptionGrace = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(
        IReadOnlyList<string> args, CliEnvironment environment, CancellationToken cancellationToken = default)
    {
        var context = new CliContext(environment, new GlobalOptions(environment.Variable));
        var result = CreateRoot(context).Parse(args, _parsing);
        if (result.Action is ParseErrorAction)
        {
            return Fail(result, context);
        }

        var invocation = new InvocationConfiguration
        {
            Output = environment.Out,
            Error = environment.Error,
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = _interruptionGrace,
        };
        return await result.InvokeAsync(invocation, cancellationToken);
    }

    internal static RootCommand CreateRoot(CliContext context)
    {
        var root = new RootCommand("Looks up, stores and manages the responses that a SemCache server keeps.")
        {
            context.Global.Server,
            context.Global.Json,
            context.Global.Timeout,
            new LookupCommand(context),
            new StoreCommand(context),
            new InvalidateCommand(context),
            new StatsCommand(context),
            new ValidateCommand(context),
            new ImportCommand(context),
            new ExportCommand(context),
            new BackupCommand(context),
            new RestoreCommand(context),
            new FsckCommand(context),
            new DemoCommand(context),
            new ModelCommand(context),
            new EvalCommand(context),
            new CalibrateCommand(context),
            new GuardsCommand(context),
        };
        var help = root.Options.OfType<HelpOption>().Single();
        var showHelp = new HelpWithExamplesAction((HelpAction)help.Action!);
        help.Action = showHelp;
        root.SetAction(parse =>
        {
            showHelp.Invoke(parse);
            return ExitCode.Usage;
        });
        return root;
    }

    private static int Fail(ParseResult result, CliContext context)
    {
        var command = result.CommandResult.Command is CliCommand named ? $"semcache {named.FullName}" : "semcache";
        var problems = string.Join(" ", result.Errors.Select(error => error.Message.Trim()).Distinct());
        var failure = Failure.Usage($"{problems} See {command} --help.");
        failure.Write(context.Environment, result.GetValue(context.Global.Json));
        return failure.ExitCode;
    }
}
