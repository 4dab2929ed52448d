using System.CommandLine;
using System.Text;
using SemCache.Cli.Guards;
using SemCache.Cli.JsonLines;
using SemCache.Cli.Options;
using SemCache.Cli.Output;
using SemCache.Core.Matching.Guards;
using SemCache.Core.Prompts;

namespace SemCache.Cli.Commands;

/// <summary><c>semcache guards</c></summary>
internal sealed class GuardsCommand : CliCommand
{
    private readonly Argument<string[]> _files = new("FILE.jsonl")
    {
        Description = "Pairs, one per line: {\"a\":\"…\",\"b\":\"…\",\"label\":1}, 1 when one answer serves both, "
            + "else 0; - reads standard input",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string?> _features = new("--features")
    {
        Description = "Write a line per pair, in order: {\"guards\":[0,0.5,1,…]}, 0 for pass, 0.5 for suspect, "
            + "1 for stop",
        HelpName = "OUT.jsonl",
    };

    private readonly Option<string[]> _explain = new("--explain")
    {
        Description = "Tell what each guard makes of two prompts, instead of reading files",
        HelpName = "A B",
        Arity = new ArgumentArity(2, 2),
        AllowMultipleArgumentsPerToken = true,
    };

    public GuardsCommand(CliContext context)
        : base(
            "guards",
            "Runs the guards on pairs of prompts and counts what they stop. Needs no server.",
            context)
    {
        Add(_files);
        Add(_features);
        Add(_explain);
    }

    public override IReadOnlyList<string> Examples =>
    [
        "semcache guards pairs.jsonl",
        "semcache guards train/*.jsonl --features features.jsonl --json",
        "semcache guards --explain \"How do I turn on dark mode?\" \"How do I turn off dark mode?\"",
    ];

    public override IReadOnlyList<int> ExitCodes =>
        [ExitCode.Ok, ExitCode.Unexpected, ExitCode.Usage, ExitCode.Interrupted];

    protected override async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var files = parse.GetValue(_files) ?? [];
        var explain = parse.GetValue(_explain) ?? [];
        if (files.Length == 0 == (explain.Length == 0))
        {
            throw new UsageException("Give either files of pairs or --explain with two prompts.");
        }

        if (explain.Length > 0)
        {
            if (parse.GetValue(_features) is not null)
            {
                throw new UsageException("--features goes with files of pairs, not with --explain.");
            }

            Explain(explain[0], explain[1], WantsJson(parse));
            return ExitCode.Ok;
        }

        var tally = new GuardTally(GuardSet.Shipped);
        await using var features = parse.GetValue(_features) is { } path
            ? new StreamWriter(path, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) : null;
        foreach (string file in files)
        {
            await ReadAsync(file, tally, features, cancellationToken);
        }

        if (WantsJson(parse))
        {
            JsonOutput.Write(Environment, tally.Report());
        }
        else
        {
            GuardsView.Write(Environment, tally.Report());
        }

        return ExitCode.Ok;
    }

    private async Task ReadAsync(
        string file, GuardTally tally, StreamWriter? features, CancellationToken cancellationToken)
    {
        await using var input = file == CommonOptions.StandardStream ? Environment.Input : InputFile.Open(file);
        var verdicts = new GuardVerdict[GuardSet.Shipped.Count];
        bool isEmpty = true;
        await foreach (var (_, pair) in JsonLinesFile.ReadAsync(input, file, PromptPair.Parse, cancellationToken))
        {
            isEmpty = false;
            tally.Add(pair, verdicts);
            features?.WriteLine(FeatureLine.Format(verdicts));
        }

        if (isEmpty)
        {
            throw new UsageException($"{file} has no lines.");
        }
    }

    private void Explain(string a, string b, bool json)
    {
        var asked = new PromptReading(CanonicalText.Of(a, "a"));
        var stored = new PromptReading(CanonicalText.Of(b, "b"));
        ExplainedFinding[] findings =
        [
            .. GuardSet.Shipped
                .Select(guard => (guard.Name, Finding: guard.Compare(asked, stored)))
                .Where(found => found.Finding.Verdict != GuardVerdict.Pass)
                .Select(found => new ExplainedFinding(
                    found.Name, found.Finding.Verdict, found.Finding.Asked, found.Finding.Stored)),
        ];
        if (json)
        {
            JsonOutput.Write(Environment, new
            {
                findings = findings.Select(finding => new
                {
                    finding.Guard,
                    Verdict = finding.Verdict == GuardVerdict.Stop ? "stop" : "suspect",
                    finding.A,
                    finding.B,
                }),
            });
        }
        else
        {
            GuardsView.WriteFindings(Environment, findings);
        }
    }
}
