using SemCache.V1;
using Spectre.Console;

namespace SemCache.Cli.Output;

/// <summary>Shows what a lookup found.</summary>
internal static class LookupView
{
    private const int LongestPrompt = 100;
    private const int LongestCandidatePrompt = 60;

    public static void Write(CliEnvironment environment, LookupResponse found)
    {
        var console = environment.Console;
        if (found.Outcome == Outcome.Miss)
        {
            WriteMiss(console, found);
        }
        else
        {
            WriteHit(console, found);
        }

        if (found.Candidates.Count > 0)
        {
            console.Write(CandidateTable(found));
        }

        if (found.Response is not null)
        {
            environment.Out.WriteLine();
            WriteBody(environment, found.Response);
        }
    }

    /// <summary>A verdict in words: <c>below threshold</c>.</summary>
    public static string Words(MissReason reason) => reason switch
    {
        MissReason.NoCandidate => "nothing to compare with",
        MissReason.BelowThreshold => "below threshold",
        MissReason.Expired => "expired",
        MissReason.TooOld => "older than max age",
        MissReason.OverWindow => "prompt longer than the model reads",
        MissReason.UnknownWord => "prompt has a word that the model does not know",
        MissReason.Unreadable => "record damaged",
        MissReason.Guarded => "stopped by a guard",
        MissReason.Unverified => "verifier not sure enough",
        MissReason.VerifierUnavailable => "verifier did not answer",
        _ => reason.ToString(),
    };

    private static void WriteHit(IAnsiConsole console, LookupResponse found)
    {
        var outcome = found.Outcome == Outcome.ExactHit ? "[bold green]exact hit[/]" : "[bold blue]semantic hit[/]";
        console.MarkupLine(
            $"{outcome}  similarity {Humanized.Similarity(found.Similarity)}"
            + (found.Outcome == Outcome.SemanticHit
                ? $" (threshold {Humanized.Similarity(found.Threshold)}){Probability(found)}" : "")
            + $"  age {Humanized.Time(found.Age.ToTimeSpan())}{Saved(found.Saved)}");
        if (found.Outcome == Outcome.SemanticHit)
        {
            WriteDetail(console, "stored for", ServerText.OneLine(found.Prompt, LongestPrompt));
        }

        WriteDetail(console, "entry", found.EntryId);
        if (found.Tags.Count > 0)
        {
            WriteDetail(console, "tags", ServerText.OneLine(string.Join(", ", found.Tags), LongestPrompt));
        }
    }

    private static void WriteMiss(IAnsiConsole console, LookupResponse found)
    {
        var nearest = found.HasNearestSimilarity
            ? $"  nearest similarity {Humanized.Similarity(found.NearestSimilarity)}" : "";
        console.MarkupLine(
            $"[bold yellow]miss[/]  {Words(found.MissReason)}{nearest}"
            + $"  threshold {Humanized.Similarity(found.Threshold)}{Probability(found)}");
        if (found.Guard is not null)
        {
            WriteDetail(console, "stopped by", Difference(found.Guard));
        }

        WriteDetail(console, "decision", found.DecisionId);
    }

    private static void WriteDetail(IAnsiConsole console, string name, string value) =>
        console.MarkupLineInterpolated($"[grey]{name,-10}[/]  {value}");

    // "number: 12 / 13": what is asked, and what is stored instead.
    private static string Difference(Guard guard)
    {
        static string OrNothing(string said) => said.Length > 0 ? said : "-";
        var difference = guard.Asked.Length + guard.Stored.Length > 0
            ? $": {OrNothing(guard.Asked)} / {OrNothing(guard.Stored)}" : "";
        return ServerText.OneLine($"{guard.Name} guard{difference}", LongestCandidatePrompt);
    }

    private static string Probability(LookupResponse found) => found.HasProbability
        ? $"  probability {Humanized.Similarity(found.Probability)} (bar {Humanized.Similarity(found.Bar)})" : "";

    private static string Saved(Savings? saved)
    {
        List<string> parts = [];
        if (saved is { Tokens: > 0 })
        {
            parts.Add(Humanized.Count(saved.Tokens, "token", "tokens"));
        }

        if (saved is { Cost: > 0 })
        {
            parts.Add("cost " + Humanized.Cost(saved.Cost));
        }

        if (saved?.Time?.ToTimeSpan() is { Ticks: > 0 } time)
        {
            parts.Add(Humanized.Time(time));
        }

        return parts.Count == 0 ? "" : "  saved " + string.Join(", ", parts);
    }

    private static Table CandidateTable(LookupResponse found)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumn(new TableColumn("similarity").RightAligned())
            .AddColumn(new TableColumn("probability").RightAligned())
            .AddColumn("verdict").AddColumn("prompt").AddColumn("entry");
        foreach (var candidate in found.Candidates)
        {
            table.AddRow(
                new Text(Humanized.Similarity(candidate.Similarity)),
                new Text(candidate.HasProbability ? Humanized.Similarity(candidate.Probability) : "-"),
                Verdict(candidate),
                new Text(ServerText.OneLine(candidate.Prompt, LongestCandidatePrompt)),
                new Text(candidate.EntryId));
        }

        return table;
    }

    private static Text Verdict(Candidate candidate) => candidate switch
    {
        { Served: true } => new Text("served", Color.Green),
        { Guard: not null } => new Text(Difference(candidate.Guard), Color.Yellow),
        { RejectedBecause: not MissReason.Unspecified } => new Text(Words(candidate.RejectedBecause), Color.Yellow),
        _ => new Text("-", Color.Grey),
    };

    private static void WriteBody(CliEnvironment environment, Response response)
    {
        var body = ServerText.Describe(response);
        environment.Out.WriteLine(environment.Console.Profile.Out.IsTerminal ? ServerText.Visible(body) : body);
    }
}
