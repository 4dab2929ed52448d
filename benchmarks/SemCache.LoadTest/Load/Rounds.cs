using SemCache.LoadTest.Loops;
using SemCache.LoadTest.Reporting;

namespace SemCache.LoadTest.Load;

/// <summary>Measures scenarios in turns.</summary>
internal sealed class Rounds(int count, LoopTime time, ErrorSamples errors)
{
    /// <summary>The figures of each scenario, in the order of the scenarios.</summary>
    public async Task<IReadOnlyList<ScenarioFigures>> RunAsync(
        IReadOnlyList<Scenario> scenarios, CancellationToken cancellation)
    {
        var measured = scenarios.Select(_ => new List<CallFigures>()).ToArray();
        // Round 0 is not counted: both sides are still being compiled, which whoever comes first would pay for.
        for (int round = 0; round <= count; round++)
        {
            // All scenarios in every round: whatever else the machine does meets all of them, and the empty call.
            for (int i = 0; i < scenarios.Count; i++)
            {
                CallFigures figures = await ClosedLoop.RunAsync(
                    scenarios[i].Target, scenarios[i].InFlight, time, errors, cancellation);
                Report.Progress($"Round {round}: {figures.Target} {figures.CallsPerSecond:N0}/s");
                if (round > 0)
                {
                    measured[i].Add(figures);
                }

                await Task.Delay(scenarios[i].Rest, cancellation);
            }
        }

        return [.. scenarios.Select((scenario, i) =>
            ScenarioFigures.Of(scenario.InFlight, measured[i], measured[BaselineOf(scenarios, scenario)]))];
    }

    private static int BaselineOf(IReadOnlyList<Scenario> scenarios, Scenario scenario)
    {
        int baseline = 0;
        while (scenarios[baseline].Target != scenario.Baseline)
        {
            baseline++;
        }

        return baseline;
    }
}
