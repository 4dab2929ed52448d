using System.CommandLine;
using SemCache.Cli.Output;

namespace SemCache.Cli.Commands;

/// <summary>A command: its help, and the frame that ends every failure as a sentence and an exit code.</summary>
internal abstract class CliCommand : Command
{
    protected CliCommand(string name, string description, CliContext context)
        : base(name, description)
    {
        Context = context;
        SetAction(InvokeAsync);
    }

    /// <summary>Command lines worth imitating, for the help.</summary>
    public abstract IReadOnlyList<string> Examples { get; }

    /// <summary>The exit codes that this command may end with.</summary>
    public virtual IReadOnlyList<int> ExitCodes => ExitCode.OfServerCommands;

    /// <summary>The names that lead to it: <c>model pull</c>.</summary>
    public string FullName =>
        Parents.OfType<CliCommand>().SingleOrDefault() is { } parent ? $"{parent.FullName} {Name}" : Name;

    protected CliContext Context { get; }

    protected CliEnvironment Environment => Context.Environment;

    protected bool WantsJson(ParseResult parse) => parse.GetValue(Context.Global.Json);

    /// <summary>Does the work and returns the exit code.</summary>
    protected abstract Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken);

    private async Task<int> InvokeAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(parse, cancellationToken);
        }
        catch (Exception e)
        {
            var failure = FailureMapping.Map(
                e,
                parse.GetRequiredValue(Context.Global.Server),
                Context.Global.GetTimeout(parse),
                cancellationToken.IsCancellationRequested);
            failure.Write(Environment, WantsJson(parse));
            return failure.ExitCode;
        }
    }
}
