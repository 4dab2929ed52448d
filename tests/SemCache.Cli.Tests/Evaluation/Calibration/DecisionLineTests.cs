using System.Text.Json;
using SemCache.Cli.Evaluation.Calibration;
using SemCache.Cli.Transfer;

namespace SemCache.Cli.Tests.Evaluation.Calibration;

public class DecisionLineTests
{
    [Theory]
    [InlineData("""{"time":"2026-01-01T00:00:00Z","outcome":"exact_hit","right":null}""", 1, 1, null)]
    [InlineData("""{"time":"2026-01-01T00:00:00Z","outcome":"semantic_hit","similarity":0.9,"probability":0.7,"right":false}""", 0.9, 0.7, false)]
    [InlineData("""{"time":"2026-01-01T00:00:00Z","outcome":"semantic_hit","similarity":0.99,"right":true}""", 0.99, 1, true)]
    [InlineData("""{"time":"2026-01-01T00:00:00Z","outcome":"miss","similarity":0.8}""", double.NaN, double.NaN, null)]
    [InlineData("""{"time":"2026-01-01T00:00:00Z","outcome":"miss","similarity":0.8,"probability":0.3,"right":true}""", 0.8, 0.3, true)]
    [InlineData("""{"time":"2026-01-01T00:00:00Z","outcome":"miss","right":null}""", double.NaN, double.NaN, null)]
    public void Parse_Decisions_HaveTheScoresOfTheirBars(string line, double bySimilarity, double byProbability, bool? right)
    {
        var decision = Parse(line);

        Assert.Equal(new JudgedLookup(bySimilarity, right), decision.BySimilarity);
        Assert.Equal(new JudgedLookup(byProbability, right), decision.ByProbability);
    }

    [Theory]
    [InlineData("\"time\"", """{"outcome":"miss"}""")]
    [InlineData("\"time\"", """{"time":"soon","outcome":"miss"}""")]
    [InlineData("\"outcome\"", """{"time":"2026-01-01T00:00:00Z","outcome":"hit"}""")]
    [InlineData("\"similarity\"", """{"time":"2026-01-01T00:00:00Z","outcome":"semantic_hit"}""")]
    [InlineData("\"similarity\"", """{"time":"2026-01-01T00:00:00Z","outcome":"miss","similarity":1.5}""")]
    [InlineData("\"probability\"", """{"time":"2026-01-01T00:00:00Z","outcome":"miss","probability":-0.1}""")]
    [InlineData("\"right\"", """{"time":"2026-01-01T00:00:00Z","outcome":"miss","right":"yes"}""")]
    public void Parse_BadField_IsNamed(string field, string line) =>
        Assert.Contains(field, Assert.Throws<BadLineException>(() => Parse(line)).Message);

    private static DecisionLine Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return DecisionLine.Parse(document.RootElement);
    }
}
