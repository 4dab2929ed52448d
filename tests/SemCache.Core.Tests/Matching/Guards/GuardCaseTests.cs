using SemCache.Core.Matching.Guards;

namespace SemCache.Core.Tests.Matching.Guards;

/// <summary>Every shipped guard against its table: Cases/GUARD.tsv holds verdict, a and b.</summary>
public class GuardCaseTests
{
    public static TheoryData<string> Guards => [.. GuardSet.Shipped.Select(guard => guard.Name)];

    [Theory]
    [MemberData(nameof(Guards))]
    public void Compare_PairsOfItsTable_GivesTheirVerdicts(string name)
    {
        var guard = GuardSet.Shipped.Single(guard => guard.Name == name);
        List<string> wrong = [];
        foreach (var (expected, a, b) in ReadCases(name))
        {
            var (one, other) = (new PromptReading(a), new PromptReading(b));
            var (finding, turned) = (guard.Compare(one, other), guard.Compare(other, one));
            if (finding.Verdict != expected || turned.Verdict != expected)
            {
                wrong.Add($"{a} | {b}: expected {expected}, found {finding.Verdict}, turned around {turned.Verdict} "
                    + $"('{finding.Asked}' against '{finding.Stored}')");
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }

    [Theory]
    [MemberData(nameof(Guards))]
    public void Compare_EqualPrompts_Passes(string name)
    {
        var guard = GuardSet.Shipped.Single(guard => guard.Name == name);
        Assert.All(ReadCases(name), pair =>
        {
            Assert.Equal(GuardFinding.Pass, guard.Compare(new PromptReading(pair.A), new PromptReading(pair.A)));
            Assert.Equal(GuardFinding.Pass, guard.Compare(new PromptReading(pair.B), new PromptReading(pair.B)));
        });
    }

    [Theory]
    [MemberData(nameof(Guards))]
    public void Compare_Stopped_SaysWhatDiffers(string name)
    {
        var guard = GuardSet.Shipped.Single(guard => guard.Name == name);
        foreach (var (_, a, b) in ReadCases(name).Where(pair => pair.Verdict == GuardVerdict.Stop))
        {
            var finding = guard.Compare(new PromptReading(a), new PromptReading(b));
            Assert.True(finding.Asked.Length + finding.Stored.Length > 0, $"{a} | {b}");
        }
    }

    private static List<(GuardVerdict Verdict, string A, string B)> ReadCases(string guard)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "Matching", "Guards", "Cases", guard + ".tsv");
        var cases = File.ReadLines(path)
            .Where(line => !line.StartsWith('#'))
            .Select(line => line.Split('\t'))
            .Select(cells => (Enum.Parse<GuardVerdict>(cells[0], ignoreCase: true), cells[1], cells[2]))
            .ToList();
        Assert.Contains(cases, pair => pair.Item1 == GuardVerdict.Stop);
        Assert.Contains(cases, pair => pair.Item1 == GuardVerdict.Pass);
        return cases;
    }
}
