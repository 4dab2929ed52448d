using System.CommandLine;
using SemCache.LoadTest.Content;
using SemCache.LoadTest.Loops;
using SemCache.LoadTest.Mix;
using SemCache.LoadTest.Reporting;
using SemCache.LoadTest.Serving;
using SemCache.LoadTest.Targets;

namespace SemCache.LoadTest.Commands;

/// <summary>`mix`: calls of several kinds at once, popular prompts more often than others.</summary>
internal static class MixCommand
{
    public static Command Create()
    {
        var server = new ServerTargetOptions();
        var shares = new MixShareOptions();
        Option<int> connections = CommonOptions.Connections();
        var streams = new Option<int?>("--streams")
        {
            Description = "Calls in flight on each connection: kept up in a closed loop (default 4), at most in an open one "
                + "(default 100; what is due beyond is not sent and counts as failed).",
        };
        var rate = new Option<int?>("--rate")
        {
            Description = "Calls a second, sent whether or not earlier ones are answered. Default: a closed loop.",
        };
        Option<double> skew = CommonOptions.Skew();
        Option<int> seconds = CommonOptions.Seconds("Length of the measurement.");
        Option<int> warmup = CommonOptions.Warmup();
        Option<int> entries = CommonOptions.Entries();
        Option<int> bytes = CommonOptions.ResponseBytes();
        Option<FileInfo[]> texts = CommonOptions.Texts();
        Option<FileInfo> json = BenchOptions.Json();
        CommonOptions.AtLeastOne(streams);
        CommonOptions.AtLeastOne(rate);
        var command = new Command("mix", "Calls of several kinds at once, in a closed or an open loop.")
        {
            connections, streams, rate, skew, seconds, warmup, entries, bytes, texts, json,
        };
        shares.AddTo(command);
        server.AddTo(command);
        command.SetAction(async (options, cancellation) =>
        {
            int? callsPerSecond = options.GetValue(rate);
            var plan = new MixPlan(
                options.GetValue(connections), options.GetValue(streams) ?? (callsPerSecond is null ? 4 : 100),
                callsPerSecond, options.GetValue(seconds), options.GetValue(warmup), options.GetValue(entries),
                options.GetValue(bytes), options.GetValue(skew), shares.Read(options));
            FileInfo[] files = options.GetRequiredValue(texts);
            var corpus = new Corpus(
                CommonOptions.TakeTexts(files, Corpus.TextsNeeded(plan.Entries)), plan.Entries, plan.ResponseBytes);
            await using ServerTarget target = server.Open(options);
            var errors = new ErrorSamples();
            MixFigures figures = await MeasureAsync(target, plan, corpus, errors, cancellation);

            figures.Print(
                $"{(plan.Rate is { } every ? $"Open loop, {every:N0} calls/s" : $"Closed loop, {plan.InFlight} in flight")} "
                + $"over {plan.Connections} connections, {plan.Entries:N0} entries, {CommonOptions.NameTexts(files)} texts, "
                + $"skew {Report.Number(plan.Skew, "0.##")}; {plan.Seconds} s; latencies in µs; "
                + $"sent late by p50 {Report.Number(figures.Lag.P50)}, p99 {Report.Number(figures.Lag.P99)} µs");
            await Report.WriteJsonAsync(options.GetValue(json), new
            {
                Plan = plan,
                Texts = CommonOptions.NameTexts(files),
                Mix = figures,
                Errors = errors.Counts,
            });
            return errors.Conclude();
        });
        return command;
    }

    private static async Task<MixFigures> MeasureAsync(
        ServerTarget target, MixPlan plan, Corpus corpus, ErrorSamples errors, CancellationToken cancellation)
    {
        using ServerConnections connections = await target.ConnectAsync(plan.Connections, cancellation);
        await using var filled = new FilledNamespace(connections, corpus);
        await filled.FillAsync(cancellation);
        TargetMix mix = await plan.Shares.CreateAsync(
            new KindTargets(connections, corpus, filled, plan.Skew), cancellation);
        var record = new LoopRecord(mix, errors);
        var time = LoopTime.Seconds(plan.Warmup, plan.Seconds);
        await LiveProgress.WatchAsync(record, plan.Rate is { } rate
            ? new OpenLoop(mix, rate, plan.InFlight, record).RunAsync(time, cancellation)
            : ClosedLoop.RunAsync(mix, plan.InFlight, time, record, cancellation));
        return MixFigures.Of(record);
    }
}
