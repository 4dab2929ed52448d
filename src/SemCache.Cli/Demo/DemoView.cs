using SemCache.Cli.Output;
using SemCache.Core;
using Spectre.Console;

namespace SemCache.Cli.Demo;

/// <summary>Shows a demo: a line for each question, and the sum at the end.</summary>
internal sealed class DemoView(IAnsiConsole console)
{
    /// <summary>What a line takes beside the two questions in it.</summary>
    private const int FixedWidth = 33;

    private const int NarrowestQuestion = 20;
    private const int WidestQuestion = 60;

    private readonly int _questionWidth =
        Math.Clamp((console.Profile.Width - FixedWidth) / 2, NarrowestQuestion, WidestQuestion);

    public void Begin(int questions)
    {
        console.MarkupLineInterpolated(
            $"{questions} questions to a support assistant: [green]exact[/] and [blue]semantic[/] hits are answered ");
        console.MarkupLine("from the cache, each [yellow]miss[/] is stored. [red]wrong[/] marks another question's answer.");
        console.WriteLine();
    }

    public void Show(DemoStep step)
    {
        var asked = Cell(step.Asked.Prompt, _questionWidth);
        var alone = Cell(step.Asked.Prompt, 2 * _questionWidth);
        switch (step.Found.Outcome)
        {
            case LookupOutcome.ExactHit:
                console.MarkupLineInterpolated($"[green]exact   [/] {Similarity(step.Found.Similarity)}  {alone.TrimEnd()}");
                break;
            case LookupOutcome.SemanticHit:
                var matched = Cell(step.Found.Entry?.Prompt.Text ?? "", _questionWidth);
                var verdict = step.IsWrong ? "[bold red]wrong[/]" : "[grey]right[/]";
                console.MarkupLine(
                    $"[blue]semantic[/] {Similarity(step.Found.Similarity)}  {asked.EscapeMarkup()}  [grey]=[/] "
                    + $"{matched.EscapeMarkup()}  {verdict}");
                break;
            default:
                var nearest = Similarity(step.Found.NearestSimilarity);
                var why = step.Found.MissReason switch
                {
                    MissReason.Guarded => $"  (stopped by the guard {step.Found.Guard?.Name})",
                    MissReason.Unverified => $"  (verifier: {Similarity(step.Found.Probability).Trim()})",
                    MissReason.VerifierUnavailable => "  (verifier did not answer)",
                    MissReason.OverWindow => "  (longer than the model reads)",
                    MissReason.UnknownWord => "  (has a word that the model does not know)",
                    _ => "",
                };
                console.MarkupLineInterpolated(
                    $"[yellow]miss    [/] [grey]{nearest}[/]  {alone.TrimEnd()}[grey]{why}[/]");
                break;
        }
    }

    public void End(DemoSummary summary)
    {
        var table = new Table().Border(TableBorder.Simple).HideHeaders()
            .AddColumn("figure").AddColumn(new TableColumn("value").RightAligned());
        void Add(string name, string value, string style = "default") =>
            table.AddRow(new Text(name), new Markup($"[{style}]{value.EscapeMarkup()}[/]"));

        Add("questions", Humanized.Count(summary.Prompts));
        Add("hit rate", Humanized.Percent(summary.Hits, summary.Prompts), "bold");
        Add("  exact hits", Humanized.Count(summary.ExactHits));
        Add("  semantic hits", Humanized.Count(summary.SemanticHits));
        Add("  wrong hits", Humanized.Count(summary.WrongHits), summary.WrongHits > 0 ? "bold red" : "green");
        Add(
            "repeated questions answered",
            $"{Humanized.Count(summary.RepeatsServed)} of {Humanized.Count(summary.Repeats)}");
        Add("saved tokens", Humanized.Count(summary.SavedTokens));
        Add("saved cost", Humanized.Cost(summary.SavedCost));
        Add("saved waiting", Humanized.Time(TimeSpan.FromSeconds(summary.SavedSeconds)));
        Add("lookup p50", Humanized.Time(TimeSpan.FromMilliseconds(summary.LookupP50Milliseconds)));
        Add("lookup p99", Humanized.Time(TimeSpan.FromMilliseconds(summary.LookupP99Milliseconds)));
        Add("threshold", Humanized.Similarity(summary.Threshold));
        if (summary.Bar is { } bar)
        {
            Add("probability demanded", Humanized.Similarity(bar));
        }

        console.WriteLine();
        console.Write(table);
    }

    private static string Similarity(double? similarity) =>
        similarity is { } known ? Humanized.Similarity(known).PadLeft(7) : "      -";

    private static string Cell(string text, int width) => ServerText.OneLine(text, width).PadRight(width);
}
