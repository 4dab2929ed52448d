using System.Text;

namespace SemCache.Cli.Tests;

/// <summary>One run of the command line, with everything it wrote.</summary>
internal sealed record CliRun(int ExitCode, string Out, string Error)
{
    /// <summary>An address where nothing listens: a run that comes this far has understood its arguments.</summary>
    public const string NoServer = "http://127.0.0.1:9";

    public static Task<CliRun> ExecuteAsync(params string[] args) => ExecuteAsync("", args);

    public static Task<CliRun> ExecuteAsync(string input, string[] args, string? serverVariable = NoServer) =>
        ExecuteAsync(
            input,
            args,
            name => name == "SEMCACHE_SERVER" ? serverVariable : null,
            TestContext.Current.CancellationToken);

    public static async Task<CliRun> ExecuteAsync(
        string input, string[] args, Func<string, string?> variable, CancellationToken cancellationToken)
    {
        await using var stdin = new MemoryStream(Encoding.UTF8.GetBytes(input));
        await using var stdout = new MemoryStream();
        await using var output = new StringWriter();
        await using var error = new StringWriter();
        var environment = new CliEnvironment(
            stdin, stdout, output, error, TimeProvider.System, variable);
        var exitCode = await SemCacheCli.RunAsync(args, environment, cancellationToken);
        return new CliRun(exitCode, output.ToString(), error.ToString());
    }
}
