using System.CommandLine;
using SemCache.Stages;
using Spectre.Console;

var file = new Argument<FileInfo>("FILE.jsonl") { Description = "Pairs {\"a\",\"b\"}: every a is stored, every b looked up" };
var entries = new Option<int>("--entries")
{
    Description = "Most pairs to take",
    DefaultValueFactory = _ => 5_000,
};
var rounds = new Option<int>("--rounds")
{
    Description = "How often all are looked up after a first time that is not measured",
    DefaultValueFactory = _ => 5,
};
var model = new Option<string?>("--model") { Description = "Folder of the model [default: the shipped one]" };
var root = new RootCommand("Measures what the stages of a lookup take: one lookup at a time, the engine in this process.")
{
    file, entries, rounds, model,
};
root.SetAction(async (parse, cancellationToken) =>
{
    IReadOnlyList<(string Stored, string Asked)> pairs =
        Pairs.Read(parse.GetRequiredValue(file).FullName, parse.GetRequiredValue(entries));
    await using var bench = await StageBench.StartAsync(parse.GetValue(model), cancellationToken);
    await bench.FillAsync(pairs.Select(pair => pair.Stored).Distinct(), cancellationToken);
    await bench.LookUpAsync(pairs, measured: false, cancellationToken);
    for (int round = 0; round < parse.GetRequiredValue(rounds); round++)
    {
        await bench.LookUpAsync(pairs, measured: true, cancellationToken);
    }

    AnsiConsole.Write(bench.Times.ToTable());
    return 0;
});
return await root.Parse(args).InvokeAsync();
