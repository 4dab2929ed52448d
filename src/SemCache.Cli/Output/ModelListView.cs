using SemCache.Cli.Models;
using Spectre.Console;

namespace SemCache.Cli.Output;

/// <summary>Shows which models there are.</summary>
internal static class ModelListView
{
    public static void Write(CliEnvironment environment, IReadOnlyList<ModelListing> models)
    {
        var table = new Table().Border(TableBorder.Simple)
            .AddColumn("model").AddColumn("state")
            .AddColumn(new TableColumn("size").RightAligned())
            .AddColumn(new TableColumn("dimension").RightAligned())
            .AddColumn(new TableColumn("window").RightAligned())
            .AddColumn("languages").AddColumn("licence");
        foreach (var model in models)
        {
            table.AddRow(
                new Text(model.Name),
                new Text(State(model)),
                new Text(model.SizeBytes is { } size ? Humanized.Bytes(size) : "?"),
                new Text(model.Dimension?.ToString() ?? "?"),
                new Text(model.Window is { } window ? Humanized.Count(window) : "?"),
                new Text(model.Languages ?? "?"),
                new Text(model.Licence ?? "?"));
        }

        environment.Console.Write(table);
        foreach (var broken in models.Where(model => model.Problem is not null))
        {
            environment.Console.MarkupLineInterpolated($"[grey]{broken.Name}: {broken.Problem}[/]");
        }

        if (models.Any(model => !model.Pinned))
        {
            environment.Console.MarkupLine(
                "[grey]unpinned: the hash of a file is not known; pull --accept-unpinned takes it as it comes[/]");
        }
    }

    private static string State(ModelListing model) => model switch
    {
        { InUse: true } => "in use",
        { Problem: not null } => "broken",
        { Installed: true } => "installed",
        { Pinned: false } => "unpinned",
        _ => "",
    };
}
