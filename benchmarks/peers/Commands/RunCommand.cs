using System.CommandLine;
using SemCache.Peers.Data;
using SemCache.Peers.Measuring;
using SemCache.Peers.Peers;
using SemCache.Peers.Reporting;

namespace SemCache.Peers.Commands;

/// <summary>`run`: measures the peers and writes the report.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        Option<int> synthetic = Number("--synthetic", 200_000, 0, "Clustered synthetic vectors; 0 for none.");
        Option<int> dimension = Number("--dimension", 384, 32, "Components of the synthetic vectors.");
        var texts = new Option<FileInfo[]>("--texts")
        {
            Description = "Files of lines {\"text\"} to embed with the shipped model, as a second data set. [default: none]",
            HelpName = "FILE",
            AllowMultipleArgumentsPerToken = true,
        }.AcceptExistingOnly();
        Option<int> queries = Number("--queries", 2000, 2, "Queries of each data set.");
        Option<int> rounds = Number("--rounds", 5, 1, "Rounds; figures are medians over them.");
        Option<int> builds = Number("--builds", 5, 1, "In how many of the rounds indexes are built anew.");
        var pointSeconds = new Option<double>("--point-seconds")
        {
            Description = "How long each point of a sweep is timed, on one core and on all.",
            DefaultValueFactory = _ => 0.25,
        };
        Option<int> churn = Number("--churn-steps", 10, 0, "How often half the entries are replaced; 0 leaves the churn out.");
        var peers = new Option<string>("--peers")
        {
            Description = "Peers to measure, separated by commas.",
            DefaultValueFactory = _ => string.Join(',', PeerFactory.Names),
        };
        Option<int> garnetEntries = Number("--garnet-entries", 50_000, 10, "Most entries that Garnet is measured with.");
        Option<int> seed = Number("--seed", 1, 0, "Chooses synthetic vectors, held-out texts and victims of the churn.");
        var output = new Option<DirectoryInfo>("--output")
        {
            Description = "Folder of the report.",
            DefaultValueFactory = _ => new DirectoryInfo("peers-report"),
        };
        var command = new Command("run", "Measures the vector indexes on the same vectors, in turns.")
        {
            synthetic, dimension, texts, queries, rounds, builds, pointSeconds, churn, peers, garnetEntries, seed, output,
        };
        command.SetAction(async (parse, cancellation) =>
        {
            var plan = new RunPlan(
                PeersIn(parse.GetRequiredValue(peers)), parse.GetValue(rounds), parse.GetValue(builds),
                parse.GetValue(pointSeconds), parse.GetValue(churn), parse.GetValue(garnetEntries), parse.GetValue(seed));
            if (!(plan.PointSeconds is >= 0.001 and <= 60))
            {
                throw new NotMeasuredException("--point-seconds must be 0.001 to 60.");
            }

            List<Func<Task<DataSet>>> sets = [];
            if (parse.GetValue(synthetic) is > 0 and int entries)
            {
                sets.Add(() => Task.Run(() => SyntheticData.Generate(
                    entries, parse.GetValue(dimension), parse.GetValue(queries), plan.Seed)));
            }

            if (parse.GetValue(texts) is { Length: > 0 } files)
            {
                sets.Add(() => TextData.LoadAsync(files, parse.GetValue(queries), plan.Seed, cancellation));
            }

            PeersReport report = await RunAsync(plan, sets, cancellation);
            ReportFolder.Write(report, parse.GetRequiredValue(output).FullName);
            return CommandRunner.Right;
        });
        return command;
    }

    private static async Task<PeersReport> RunAsync(
        RunPlan plan, List<Func<Task<DataSet>>> sets, CancellationToken cancellation)
    {
        if (sets.Count == 0)
        {
            throw new NotMeasuredException("There is nothing to measure with: give --synthetic or --texts.");
        }

        List<DataSetFigures> figures = [];
        Dictionary<string, string> skipped = [];
        foreach (Func<Task<DataSet>> load in sets)
        {
            DataSet data = await load();
            Console.Error.WriteLine(data.Description);
            List<IPeer> started = [];
            try
            {
                foreach (string name in plan.Peers.Where(name => !skipped.ContainsKey(name)))
                {
                    try
                    {
                        started.Add(await PeerFactory.CreateAsync(name, data, plan.GarnetEntries, cancellation));
                    }
                    catch (NotMeasuredException problem)
                    {
                        skipped[name] = problem.Message;
                        Console.Error.WriteLine($"{name} is left out. {problem.Message}");
                    }
                }

                figures.Add(await new DataSetRun(data, plan, started).RunAsync(cancellation));
            }
            finally
            {
                foreach (IPeer peer in started)
                {
                    await peer.DisposeAsync();
                }
            }
        }

        return new PeersReport(Machine.Describe(), plan, skipped, figures);
    }

    private static IReadOnlyList<string> PeersIn(string list)
    {
        string[] names = list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return names.Except(PeerFactory.Names).FirstOrDefault() is { } unknown
            ? throw new NotMeasuredException(
                $"--peers: there is no {unknown}; the peers are {string.Join(", ", PeerFactory.Names)}.")
            : names.Length == 0 ? throw new NotMeasuredException("--peers names nobody.")
            : [.. names.Distinct()];
    }

    private static Option<int> Number(string name, int value, int least, string description)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            // What is no number at all is reported by the parser itself.
            if (result.Tokens is [{ Value: var text }] && int.TryParse(text, out int number) && number < least)
            {
                result.AddError($"{name} must be at least {least}.");
            }
        });
        return option;
    }
}
