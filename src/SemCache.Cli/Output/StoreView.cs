using SemCache.V1;
using Spectre.Console;

namespace SemCache.Cli.Output;

/// <summary>Shows what became of a store.</summary>
internal static class StoreView
{
    public static void Write(CliEnvironment environment, StoreResponse answer)
    {
        if (answer.NotAdmitted == NotAdmittedReason.Unspecified)
        {
            environment.Console.MarkupLineInterpolated($"[bold green]stored[/]  entry {answer.EntryId}");
        }
        else
        {
            environment.Console.MarkupLineInterpolated(
                $"[bold yellow]not admitted[/]  {Words(answer.NotAdmitted)}: {ServerText.Visible(answer.Message)}");
        }
    }

    private static string Words(NotAdmittedReason reason) => reason switch
    {
        NotAdmittedReason.EmptyResponse => "empty response",
        NotAdmittedReason.FinishReason => "finish reason",
        NotAdmittedReason.TooLarge => "too large",
        _ => reason.ToString(),
    };
}
