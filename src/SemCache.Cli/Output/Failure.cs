using System.Text.Json;
using System.Text.Json.Serialization;

namespace SemCache.Cli.Output;

/// <summary>Why a command ended without doing its work: one sentence, and the exit code that goes with it.</summary>
/// <param name="ExitCode">The process's exit code.</param>
/// <param name="Code">The kind of failure for programs: the name of a gRPC status, or USAGE, IO, INTERRUPTED …</param>
/// <param name="Message">The sentence for people.</param>
internal sealed record Failure(
    [property: JsonIgnore] int ExitCode, string Code, string Message)
{
    public static Failure Usage(string message) => new(Cli.ExitCode.Usage, "USAGE", message);

    /// <summary>Reports the failure on standard error.</summary>
    public void Write(CliEnvironment environment, bool json) =>
        environment.Error.WriteLine(json
            ? JsonSerializer.Serialize(new { error = this }, JsonOutput.Options)
            : $"semcache: {ServerText.Visible(Message)}");
}
