using SemCache.Cli.Output;
using SemCache.V1;

namespace SemCache.Cli.Tests.Output;

public class LookupViewTests
{
    [Fact]
    public void Write_GuardedMiss_NamesGuardAndDifference()
    {
        var shown = Show(new LookupResponse
        {
            Outcome = Outcome.Miss,
            MissReason = MissReason.Guarded,
            NearestSimilarity = 0.97,
            Threshold = 0.5,
            Bar = 0.9,
            Guard = new Guard { Name = "number", Asked = "12", Stored = "13" },
            Candidates =
            {
                new Candidate
                {
                    Similarity = 0.97,
                    RejectedBecause = MissReason.Guarded,
                    Guard = new Guard { Name = "number", Asked = "12", Stored = "13\e[2J" },
                },
            },
        });

        Assert.StartsWith("miss  stopped by a guard  nearest similarity 0.9700  threshold 0.5000\n", shown);
        Assert.Contains("stopped by  number guard: 12 / 13\n", shown);
        Assert.Matches(@"0\.9700 +- +number guard: 12 / 13\uFFFD\[2J", shown);
    }

    [Fact]
    public void Write_GuardWithoutDetail_NamesIt() => Assert.Contains(
        "stopped by  negation guard\n",
        Show(new LookupResponse
        {
            Outcome = Outcome.Miss,
            MissReason = MissReason.Guarded,
            Guard = new Guard { Name = "negation" },
        }));

    [Fact]
    public void Write_GuardThatFoundSomethingOnOneSide_MarksTheOther() => Assert.Contains(
        "negation guard: - / not\n",
        Show(new LookupResponse
        {
            Outcome = Outcome.Miss,
            MissReason = MissReason.Guarded,
            Guard = new Guard { Name = "negation", Stored = "not" },
        }));

    [Fact]
    public void Write_UnverifiedMiss_TellsProbabilityAndBar()
    {
        var shown = Show(new LookupResponse
        {
            Outcome = Outcome.Miss,
            MissReason = MissReason.Unverified,
            NearestSimilarity = 0.97,
            Threshold = 0.5,
            Probability = 0.61,
            Bar = 0.9,
            Candidates =
            {
                new Candidate { Similarity = 0.97, Probability = 0.61, RejectedBecause = MissReason.Unverified },
                new Candidate { Similarity = 0.3, RejectedBecause = MissReason.BelowThreshold },
            },
        });

        Assert.StartsWith("miss  verifier not sure enough  nearest similarity 0.9700", shown);
        Assert.Contains("probability 0.6100 (bar 0.9000)", shown);
        Assert.Matches(@"0\.9700 +0\.6100 +verifier not sure enough", shown);
        Assert.Matches(@"0\.3000 +- +below threshold", shown);
    }

    [Fact]
    public void Write_SemanticHit_TellsProbabilityOnlyWhereItWasVerified()
    {
        var hit = new LookupResponse
        {
            Outcome = Outcome.SemanticHit,
            Similarity = 0.97,
            Threshold = 0.5,
            Age = new(),
            Prompt = new Prompt { Text = "Why?" },
        };
        var certain = Show(hit);
        hit.Probability = 0.95;
        hit.Bar = 0.9;
        var verified = Show(hit);

        Assert.DoesNotContain("probability", certain);
        Assert.Contains("(threshold 0.5000)  probability 0.9500 (bar 0.9000)  age", verified);
    }

    [Fact]
    public void Words_EveryReason_HasWordsOfItsOwn()
    {
        var reasons = Enum.GetValues<MissReason>().Except([MissReason.Unspecified]).ToList();
        Assert.All(reasons, reason => Assert.NotEqual(reason.ToString(), LookupView.Words(reason)));
        Assert.Equal(reasons.Count, reasons.Select(LookupView.Words).Distinct().Count());
    }

    private static string Show(LookupResponse found)
    {
        using var shown = new StringWriter();
        LookupView.Write(
            new CliEnvironment(Stream.Null, Stream.Null, shown, TextWriter.Null, TimeProvider.System, _ => null),
            found);
        return shown.ToString();
    }
}
