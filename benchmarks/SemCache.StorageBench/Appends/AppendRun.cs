using SemCache.Core.Storage;
using SemCache.LoadTest.Reporting;

namespace SemCache.StorageBench.Appends;

/// <summary>
/// Measures the three ways in turns, round by round, each on a fresh log, and in another order in each round: what the
/// device does at that moment meets all of them.
/// </summary>
internal static class AppendRun
{
    public static async Task<IReadOnlyList<AppendFigures>> RunAsync(AppendPlan plan, CancellationToken cancellation)
    {
        var figures = new List<AppendFigures>();
        foreach (int bytes in plan.ResponseBytes)
        {
            foreach (int writers in plan.Writers)
            {
                figures.Add(await RunAsync(plan, writers, bytes, cancellation));
            }
        }

        return figures;
    }

    private static async Task<AppendFigures> RunAsync(
        AppendPlan plan, int writers, int bytes, CancellationToken cancellation)
    {
        var figures = new AppendFigures(
            writers, bytes, Records.Put(new RecordCodec(1), bytes).Length, new WaySamples(), new WaySamples(), new WaySamples());
        (WaySamples Samples, Func<Task<IAppendTarget>> Open)[] ways =
        [
            (figures.Raw, () => Task.FromResult<IAppendTarget>(new RawLogTarget(plan.Folder, bytes))),
            (figures.Log, () => Task.FromResult<IAppendTarget>(new EntryLogTarget(plan.Folder, bytes))),
            (figures.Store, async () => await StoreTarget.StartAsync(plan.Folder, bytes, cancellation)),
        ];
        for (int round = 0; round < plan.Rounds; round++)
        {
            Report.Progress($"{writers} writers, responses of {bytes} bytes, round {round + 1} of {plan.Rounds}");
            for (int i = 0; i < ways.Length; i++)
            {
                (WaySamples samples, Func<Task<IAppendTarget>> open) = ways[(round + i) % ways.Length];
                await using IAppendTarget target = await open();
                samples.Add(await WriterLoop.RunAsync(target, writers, plan.Seconds, cancellation));
            }
        }

        return figures;
    }
}
