using System.Globalization;
using System.Text;
using SemCache.Peers.Measuring;
using static SemCache.Peers.Reporting.MarkdownTable;

namespace SemCache.Peers.Reporting;

/// <summary>The report as a page.</summary>
internal static class MarkdownReport
{
    public static void Write(PeersReport report, StringBuilder text)
    {
        RunPlan plan = report.Plan;
        text.Append("# The vector index and its peers\n\n").Append(CultureInfo.InvariantCulture, $"""
            {report.Machine}. Rounds in which every peer has its turn: {plan.Rounds}; builds: {Math.Min(plan.Builds, plan.Rounds)}.
            Each point of a sweep is timed for {plan.PointSeconds:0.###} s once it is warm. Figures are medians
            of the rounds, ratios medians of each round's ratio. Threads are not pinned to cores. Recall is against an exact
            search in float32. Seed {plan.Seed}. [How it is measured](../../benchmarks/peers/README.md).


            """);
        foreach ((string name, string reason) in report.Skipped)
        {
            text.Append(CultureInfo.InvariantCulture, $"**{name} was not measured.** {reason}\n\n");
        }

        Peers(report, text);
        foreach (DataSetFigures set in report.Sets)
        {
            Set(set, plan, text);
        }

        text.Append("## Targets\n\nOurs divided by hnswlib's, at the smallest ef of each that reaches the recall.\n\n");
        var table = new MarkdownTable(4, "data", "what", "met", "compared", "goal", "measured");
        foreach ((string set, Target target) in
            report.Targets.SelectMany(set => set.Value.Select(target => (set.Key, target))))
        {
            table.Add(
                set,
                target.What,
                target.IsMet switch { true => "yes", false => "no", null => null },
                target.How,
                (target.AtLeast ? "≥ " : "≤ ") + Number(target.Goal, 2),
                Number(target.Ratio, 2));
        }

        table.WriteTo(text);
        text.Length--;
    }

    private static void Peers(PeersReport report, StringBuilder text)
    {
        foreach (PeerFigures peer in report.Sets.SelectMany(set => set.Peers).DistinctBy(peer => peer.Name))
        {
            text.Append(CultureInfo.InvariantCulture, $"- **{peer.Name}**: {peer.Remarks}.\n");
        }

        text.Append('\n');
    }

    private static void Set(DataSetFigures set, RunPlan plan, StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"## {set.Name}\n\n{set.Description}. {set.Queries:N0} queries.\n\n");
        foreach (PeerFigures peer in set.Peers.Where(peer => peer.Failure is not null))
        {
            text.Append(CultureInfo.InvariantCulture, $"**{peer.Name} was left out at some point.** {peer.Failure}\n\n");
        }

        SetTables.Builds(set).WriteTo(text);
        foreach ((int k, double recall) in Target.Recalls)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"At the smallest ef that reaches recall@{k} ≥ {recall:0.00}, {k} asked for:\n\n");
            SetTables.AtRecall(set, k, recall).WriteTo(text);
        }

        foreach (int k in RunPlan.Ks)
        {
            text.Append(CultureInfo.InvariantCulture, $"![recall@{k}]({Charts.FileName(set, k)}.svg)\n\n");
        }

        if (plan.ChurnSteps > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"### {set.Name}: after churn\n\n").Append(
                CultureInfo.InvariantCulture,
                $"Half the entries replaced, {plan.ChurnSteps} times over, on all cores; \"anew\" is an index built of the same ")
                .Append("entries.\n\n");
            SetTables.Churn(set).WriteTo(text);
            SetTables.ChurnRecall(set).WriteTo(text);
        }

        text.Append(CultureInfo.InvariantCulture, $"### {set.Name}: all points, fresh\n\n");
        SetTables.Sweep(set).WriteTo(text);
    }
}
