using SemCache.Peers.Commands;
using SemCache.Peers.Data;
using SemCache.Peers.Peers;

namespace SemCache.Peers.Measuring;

/// <summary>
/// Measures peers with one data set: in every round each has its turn, so that whatever else the machine does meets them all.
/// </summary>
internal sealed class DataSetRun(DataSet data, RunPlan plan, IReadOnlyList<IPeer> peers)
{
    private readonly GroundTruth _truth = new(data);
    private readonly Dictionary<IPeer, PeerFigures> _figures = peers.ToDictionary(
        peer => peer, peer => new PeerFigures { Name = peer.Name, Remarks = peer.Remarks });

    /// <summary>Fresh, after churn, and built anew of what the churn left.</summary>
    public async Task<DataSetFigures> RunAsync(CancellationToken cancellation)
    {
        var fresh = peers.ToDictionary(
            peer => peer, peer => Enumerable.Range(0, Math.Min(data.Entries, peer.MostEntries)).ToArray());
        var churns = peers.ToDictionary(peer => peer, ChurnOf);
        var end = churns.ToDictionary(churn => churn.Key, churn => churn.Value.End);
        await SweepAsync(
            "fresh", fresh, (peer, figures) => figures.Fresh ??= NewState(peer, fresh[peer]), Math.Max(1, plan.Builds), BuildAsync, cancellation);
        if (plan.ChurnSteps > 0)
        {
            await SweepChurnAsync();
        }

        return new DataSetFigures(
            data.Name,
            data.Description,
            data.Vectors.Dimension,
            data.Queries.Rows,
            [.. peers.Select(peer => _figures[peer])]);

        async Task SweepChurnAsync()
        {
            await SweepAsync(
                "churned", end, (peer, figures) => figures.Churned ??= NewState(peer, end[peer]), 1, ChurnOnceAsync, cancellation);
            await SweepAsync(
                "rebuilt", end, (peer, figures) => figures.Rebuilt ??= NewState(peer, end[peer]), 1, RebuildOnceAsync, cancellation);
        }

        async Task BuildAsync(IPeer peer, int round)
        {
            if (round < plan.Builds)
            {
                // The index of one core stays: it is the same in every run.
                _figures[peer].BuildAllCores.Add(await peer.BuildAsync(fresh[peer], RunPlan.AllCores, cancellation));
                _figures[peer].BuildOneCore.Add(await peer.BuildAsync(fresh[peer], threads: 1, cancellation));
            }
        }

        Task ChurnOnceAsync(IPeer peer, int round) =>
            round == 0 ? ChurnAsync(peer, churns[peer], cancellation) : Task.CompletedTask;

        Task RebuildOnceAsync(IPeer peer, int round) =>
            round == 0 ? peer.BuildAsync(end[peer], RunPlan.AllCores, cancellation) : Task.CompletedTask;
    }

    // As many as the fresh index, if the data set has enough rows to replace half of them by others.
    private Churn ChurnOf(IPeer peer) => new(
        data.Vectors.Rows,
        Math.Min(Math.Min(data.Entries, peer.MostEntries), data.Vectors.Rows * 2 / 3),
        plan.ChurnSteps,
        plan.Seed);

    private static StateFigures NewState(IPeer peer, int[] rows) => new()
    {
        Entries = rows.Length,
        Points = [.. RunPlan.Points(peer.HasEf).Select(point => new SweepPoint(point.K, point.Ef))],
    };

    private async Task ChurnAsync(IPeer peer, Churn churn, CancellationToken cancellation)
    {
        await peer.BuildAsync(churn.Start, RunPlan.AllCores, cancellation);
        foreach ((int[] removed, int[] added) in churn.Steps)
        {
            double seconds = await peer.ReplaceAsync(removed, added, RunPlan.AllCores, cancellation);
            _figures[peer].Replace.Add(seconds / removed.Length);
            Progress($"churn: {peer.Name} {1e3 * seconds / removed.Length:0.000} ms for each of {removed.Length}");
        }
    }

    private async Task SweepAsync(
        string state,
        Dictionary<IPeer, int[]> rows,
        Func<IPeer, PeerFigures, StateFigures> stateOf,
        int builds,
        Func<IPeer, int, Task> prepare,
        CancellationToken cancellation)
    {
        for (int round = 0; round < plan.Rounds; round++)
        {
            foreach (IPeer peer in peers.Where(peer => _figures[peer].Failure is null))
            {
                Progress($"{data.Name}, {state}, round {round + 1} of {plan.Rounds}: {peer.Name}");
                try
                {
                    await prepare(peer, round);
                    StateFigures figures = stateOf(peer, _figures[peer]);
                    figures.Bytes ??= await peer.BytesAsync(cancellation);
                    await MeasureAsync(peer, rows[peer], figures, round < builds, cancellation);
                }
                catch (NotMeasuredException problem)
                {
                    _figures[peer].Failure = $"{state}, round {round + 1}: {problem.Message}";
                    Progress($"{peer.Name} is left out from here on. {problem.Message}");
                }
            }
        }
    }

    private async Task MeasureAsync(
        IPeer peer, int[] rows, StateFigures figures, bool isNew, CancellationToken cancellation)
    {
        VectorTable truth = await _truth.OfAsync(rows);
        var duration = TimeSpan.FromSeconds(plan.PointSeconds);
        foreach (SweepPoint point in figures.Points)
        {
            // The recall of an index that stays does not change.
            if (isNew)
            {
                int[] found = await peer.FindAsync(point.K, point.Ef, cancellation);
                (double at1, double atK) = Recall.Of(data, truth, rows, found, point.K);
                point.RecallAt1.Add(at1);
                if (point.K == GroundTruth.Depth)
                {
                    point.RecallAt10.Add(atK);
                }
            }

            point.OneCore.Add(await peer.TimeAsync(point.K, point.Ef, threads: 1, duration, cancellation));
            point.AllCores.Add(await peer.TimeAsync(point.K, point.Ef, RunPlan.AllCores, duration, cancellation));
        }
    }

    private static void Progress(string line) => Console.Error.WriteLine(line);
}
